"""Imita a ``compute-sanitizer``: corre el programa y escribe los avisos con su forma.

Avisa en las líneas donde avisa nuestro verificador. ``TROUBLE=device`` imita una máquina donde no
puede con la tarjeta; ``dead``, un programa que termina antes de lanzar: el resumen dice cero.
"""

import os
import subprocess
import sys

from card import clinic, sanitizer
from card_program import clocked

OPTIONS = {"--tool": ("racecheck", "memcheck", "synccheck"),
           "--racecheck-report": ("hazard", "analysis", "all"),
           "--target-processes": ("application-only", "all")}  # fmt: skip
RACE = """\
========= Error: Race reported between Write access at k(Array)+0x140 in {file}:{first}
=========     and Read access at k(Array)+0xe0 in {file}:{last} [64 hazards]
========="""
MEMORY = """\
========= Invalid __global__ read of size 4 bytes
=========     at k(Array)+0x70 in {file}:{first}
=========     by thread (0,0,0) in block (7,0,0)
=========     Address 0x7f7a4e000000 is out of bounds
=========     Saved host backtrace up to driver entry point at kernel launch time
=========         Host Frame: main [0x1754] in python3.11
========="""
BARRIER = """\
========= Barrier error detected. Divergent thread(s) in block.
=========     at k(Array)+0xa0 in {file}:{first}
=========     by thread (19,0,0) in block (0,0,0)
========="""
REPORTS = {"racecheck": RACE, "memcheck": MEMORY, "synccheck": BARRIER}


def lines_of(mode, *names):
    if mode == "--clinica":
        return sanitizer.ours(clinic.find(*names), clocked())
    return {"racecheck": [25, 31]}  # las muestras de racecheck


def main():
    rest, options = sys.argv[1:], {}
    while rest and rest[0].startswith("--"):
        name, value, *rest = rest
        if value not in OPTIONS.get(name, ()):
            sys.exit(f"========= Error: Unrecognized option {name} {value}")
        options[name] = value
    tool = options["--tool"]
    print("========= COMPUTE-SANITIZER", flush=True)
    trouble = os.environ.get("TROUBLE")
    if trouble == "device":
        print("========= Error: Device not supported. Please refer to the documentation.")
    code = 1 if trouble else subprocess.call(rest)
    lines = [] if trouble else lines_of(*rest[rest.index("target") + 1 :])[tool]
    if lines:
        text = REPORTS[tool].format(file="/c/book/u.md", first=lines[0], last=lines[-1])
        print(text)
    if code:
        print("========= Target application returned an error")
    found = len(lines[:1])
    if tool == "racecheck":
        print(
            f"========= RACECHECK SUMMARY: {found} hazards displayed ({found} errors, 0 warnings)"
        )
    else:
        print(f"========= ERROR SUMMARY: {found} errors")


main()
