"""Los programas de la medición con el simulador en lugar de la tarjeta, en su propio proceso.

    python card_program.py --parity --solo transpose --aqui --carpeta …   como benchmarks/gpu.py
    python card_program.py target --clinica …                             como card.target

``TROUBLE=crash`` termina el proceso de golpe en la tercera fila de la paridad de «transpose».
"""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

import gpu  # noqa: E402
from card import experiments, ladders, machine, speed, stages, target  # noqa: E402

from urdimbre.backend import simulated_cuda  # noqa: E402
from urdimbre.errors import UrdimbreError  # noqa: E402

MACHINE = {
    "date": "2030-01-02T03:04:05", "card": "Tarjeta de prueba", "capability": "9.0",
    "multiprocessors": 1, "memory": 1 << 30, "driver": "580.65.06", "cuda": "13.0",
    "python": "3.11", "system": "prueba", "packages": {"numba-cuda": "0.30.4"},
}  # fmt: skip
ASKED = ("partial_warps_9_float32", "shared_atomics_2", "block_error", "nan_to_int")
EXPERIMENTS = tuple(each for each in experiments.EXPERIMENTS if each.name in ASKED)
PROFILED = tuple(each for each in EXPERIMENTS if each.tool == "ncu")
SIZES = {"transpose": 64, "softmax": 32}


class Moment:
    """Un evento: el momento en que se registró."""

    def record(self, stream=0):
        self.when = time.perf_counter()

    def synchronize(self):
        """El simulador no deja nada pendiente."""

    def elapsed_time(self, end):
        return 1e3 * (end.when - self.when)


def clocked():
    """El simulador con eventos que miden el reloj de esta máquina y memoria de 1 MiB."""
    cuda = simulated_cuda()
    memory = SimpleNamespace(free=1 << 24, total=1 << 20)
    cuda.event = Moment
    cuda.current_context = lambda: SimpleNamespace(get_memory_info=lambda: memory)
    return cuda


def small(names=None):
    """Las escaleras de ``SIZES``, con tamaños que el simulador corre en un instante."""
    return [
        dataclasses.replace(ladders.BY_NAME[name], size=size, counted=32, parity=(1, 33))
        for name, size in SIZES.items()
        if not names or name in names
    ]


def crash_on_the_third(row):
    """Un peldaño que se lleva el proceso entero."""
    rows = []

    def answer(ladder, *rest):
        rows.append(row(ladder, *rest))
        if len(rows) == 3 and ladder.name == "transpose":
            os._exit(139)
        return rows[-1]

    return answer


def launch(arguments):
    """Como ``card.target``. El simulador se niega donde una tarjeta seguiría: ahí sí se lanzó."""
    target.BY_NAME = {ladder.name: ladder for ladder in small()}
    experiments.PROFILED = PROFILED
    try:
        target.main(arguments)
    except UrdimbreError:
        print(target.LAUNCHED)


def main(arguments):
    cuda = clocked()
    machine.usable = lambda: (cuda, "")
    machine.describe = lambda *_: MACHINE
    stages.chosen = small
    speed.BATCH, speed.REPETITIONS = 0.001, 2
    if os.environ.get("TROUBLE") == "crash":
        stages.parity_row = crash_on_the_third(stages.parity_row)
    if arguments[:1] == ["target"]:
        return launch(arguments[1:])
    return gpu.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
