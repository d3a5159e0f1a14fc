"""Quién ejecuta cada programa, y cómo se mide: un proceso por motor.

    python benchmarks/engines.py numba|urdimbre|numpy [--rapido] [--repeticiones N]

Escribe un JSON con los segundos de cada programa. Lo llama ``simulator.py``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

SLOW = 2.0  # segundos: lo que tarda más se mide una sola vez


def seconds(run: Callable[[], Any], repetitions: int) -> float:
    """Mediana de varias ejecuciones después de una primera que no cuenta."""
    first = _once(run)
    if first > SLOW:
        return first
    return statistics.median(_once(run) for _ in range(repetitions))


def _once(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def peak_bytes(run: Callable[[], Any]) -> int:
    """Memoria que pide la ejecución en su peor momento, según ``tracemalloc``."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def expected(work: Any, size: int) -> np.ndarray:
    """El resultado de la versión vectorizada a mano."""
    arrays = work.inputs(size)
    work.by_hand(*arrays)
    return arrays[-1]


def verify(work: Any, size: int, result: np.ndarray) -> None:
    """Un motor que da mal el resultado no se mide."""
    np.testing.assert_allclose(result, expected(work, size), rtol=1e-5, atol=0)


def numpy_engine(work: Any, size: int, repetitions: int) -> dict[str, float]:
    arrays = work.inputs(size)
    by_lanes = seconds(lambda: work.by_lanes(*arrays), repetitions)
    verify(work, size, arrays[-1])
    by_hand = seconds(lambda: work.by_hand(*arrays), repetitions)
    return {"numpy_lanes": by_lanes, "numpy": by_hand}


def numba_engine(work: Any, size: int, repetitions: int) -> dict[str, float]:
    arrays, (grid, block) = work.inputs(size), work.grid(size)
    took = seconds(lambda: work.kernel[grid, block](*arrays), repetitions)
    verify(work, size, arrays[-1])
    return {"numba": took}


def urdimbre_engine(work: Any, size: int, repetitions: int) -> dict[str, float]:
    from urdimbre import sim

    arrays, (grid, block) = work.inputs(size), work.grid(size)

    def run() -> None:
        work.kernel[grid, block](*arrays)

    def observed(*kinds: Any) -> Callable[[], None]:
        def run_observed() -> None:
            with sim.observing(*(kind() for kind in kinds)):
                run()

        return run_observed

    out = {"urdimbre_first": _once(run)}
    verify(work, size, arrays[-1])
    for name, kinds in observers().items():
        out[name] = seconds(observed(*kinds) if kinds else run, repetitions)
    return out | {"urdimbre_peak_bytes": peak_bytes(run)}


def observers() -> dict[str, tuple[Any, ...]]:
    """Con qué se observa en cada columna."""
    from urdimbre.observe import Counters, Memcheck, Racecheck, Synccheck

    return {
        "urdimbre": (),
        "urdimbre_counters": (Counters,),
        "urdimbre_all": (Counters, Memcheck, Racecheck, Synccheck),
    }


ENGINES = {"numpy": numpy_engine, "numba": numba_engine, "urdimbre": urdimbre_engine}


def small_launch(kernel: Any, repetitions: int) -> float:
    """Segundos de una suma de 256 hilos con los datos ya en el dispositivo."""
    from numba import cuda

    arrays = [cuda.to_device(np.ones(256, np.float32)) for _ in range(3)]
    return seconds(lambda: kernel[1, 256](*arrays), repetitions)


def measure(engine: str, quick: bool, repetitions: int) -> dict[str, Any]:
    """Todos los programas con un motor."""
    if engine == "urdimbre":
        import urdimbre

        urdimbre.enable("sim")
    from workloads import WORKLOADS

    out: dict[str, Any] = {}
    for key, work in WORKLOADS.items():
        size = work.quick_size if quick else work.size
        out[key] = {"size": size} | ENGINES[engine](work, size, repetitions)
        if engine != "numba" and not quick:
            out[f"{key}_large"] = {"size": work.large_size} | ENGINES[engine](
                work, work.large_size, repetitions
            )
    if engine != "numpy":
        took = small_launch(WORKLOADS["vector_add"].kernel, repetitions)
        out["small_launch"] = {"size": 256, engine: took}
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=sorted(ENGINES))
    parser.add_argument("--rapido", action="store_true")
    parser.add_argument("--repeticiones", type=int, default=7)
    options = parser.parse_args()
    sys.path.insert(0, os.path.dirname(__file__))
    with open(os.devnull, "w") as quiet:
        real, sys.stdout = sys.stdout, quiet
        result = measure(options.engine, options.rapido, options.repeticiones)
        sys.stdout = real
    print(json.dumps(result))


if __name__ == "__main__":
    main()
