"""Imita a ``ncu``: acepta las opciones documentadas, corre el programa y escribe su CSV.

Los contadores son los del simulador. ``TROUBLE=permission`` imita la falta de permiso; ``hang``, a
un programa que no termina; ``old``, a un ncu que no conoce las métricas.
"""

import csv
import os
import subprocess
import sys
import time

from card import counters
from card_program import PROFILED, clocked, small

# Opción -> los valores que admite; vacío, sin valor.
OPTIONS = {"--csv": (), "--page": ("details", "raw", "source", "session"),
           "--print-units": ("auto", "base"), "--clock-control": ("base", "none"),
           "--cache-control": ("all", "none"),
           "--target-processes": ("all", "application-only"), "--metrics": None}  # fmt: skip
HEAD = ("ID", "Process ID", "Process Name", "Host Name", "Kernel Name", "Context", "Stream",
        "Block Size", "Grid Size", "Device", "CC")  # fmt: skip
DENIED = (
    "==ERROR== ERR_NVGPUCTRPERM - The user does not have permission to access NVIDIA GPU "
    "Performance Counters on the target device 0. For instructions on enabling permissions and to "
    "get more information see https://developer.nvidia.com/ERR_NVGPUCTRPERM"
)


def options_of(arguments):
    """Las opciones y la orden que sigue; termina como ncu si no conoce alguna."""
    found, rest = {}, list(arguments)
    while rest and rest[0].startswith("--"):
        name = rest.pop(0)
        values = OPTIONS.get(name, "unknown")
        value = rest.pop(0) if values != () else ""
        if values == "unknown" or (values and value not in values):
            sys.exit(f"==ERROR== unrecognised option '{name}'. Use --help for further details.")
        found[name] = value
    return found, rest


def full_name(kernel):
    """Como Numba lo decora y ncu lo muestra."""
    return f"cudapy::u::{kernel}[abi:v1][abi:c8tJTIeF](Array<float, 2, C, mutable, aligned>)"


def launches(command):
    if command[-1] == "--experimentos":
        return [(e.kernel, dict.fromkeys(e.metrics, 4.0)) for e in PROFILED]
    (ladder,) = small([command[-1]])
    return [x for rung in ladder.rungs for x in counters.ours(ladder, rung, clocked())]


def main():
    options, command = options_of(sys.argv[1:])
    trouble = os.environ.get("TROUBLE")
    print("==PROF== Connected to process 77 (/usr/bin/python3.11)", flush=True)
    if trouble == "hang":
        time.sleep(60)
    code = subprocess.call(command)
    if trouble == "permission":
        print(DENIED)
    elif code:
        print(f"==ERROR== The application returned an error code ({code}).")
    else:
        write(options["--metrics"].split(","), launches(command), trouble == "old")
    print("==PROF== Disconnected from process 77")


def write(metrics, rows, old):
    writer = csv.writer(sys.stdout, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([*HEAD, *metrics])
    writer.writerow(["", *[""] * 10, *("inst" for _ in metrics)])
    for k, (kernel, values) in enumerate(rows):
        head = [k, 77, "python3.11", "127.0.0.1", full_name(kernel), 1, 7, "(32, 32, 1)",
                "(1, 1, 1)", 0, "9.0"]  # fmt: skip
        shown = (f"{values[m]:,.0f}" if m in values and not old else "n/a" for m in metrics)
        writer.writerow([*head, *shown])


main()
