"""Los puntos abiertos de las métricas, uno por experimento: lo que solo una tarjeta contesta."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from card import chapters, counters

GLOBAL = ("smsp__sass_inst_executed_op_global_ld.sum", "memory_l2_theoretical_sectors_global",
          "memory_l2_theoretical_sectors_global_ideal")  # fmt: skip
SHARED = ("smsp__sass_inst_executed_op_shared_ld.sum", "memory_l1_wavefronts_shared",
          "memory_l1_wavefronts_shared_ideal")  # fmt: skip
ATOMIC = ("smsp__sass_inst_executed_op_shared_atom.sum", *SHARED[1:])
REDUCED = ("l1tex__t_requests_pipe_lsu_mem_global_op_red.sum",
           "l1tex__t_sectors_pipe_lsu_mem_global_op_red.sum")  # fmt: skip
LOCAL = ("l1tex__t_requests_pipe_lsu_mem_local_op_ld.sum",
         "l1tex__t_sectors_pipe_lsu_mem_local_op_ld.sum",
         "l1tex__t_requests_pipe_lsu_mem_local_op_st.sum",
         "l1tex__t_sectors_pipe_lsu_mem_local_op_st.sum")  # fmt: skip


@dataclass(frozen=True)
class Experiment:
    """Una pregunta y el lanzamiento que la contesta.

    Attributes:
        point: su número en la lista de puntos abiertos de las métricas.
        question: qué se quiere saber.
        tool: ``"ncu"``, ``"racecheck"`` o ``"valores"``.
        metrics: las que se piden a ncu.
    """

    name: str
    point: int
    question: str
    kernel: str
    arguments: Callable[[], tuple[Any, ...]]
    threads: int = 32
    tool: str = "ncu"
    metrics: tuple[str, ...] = ()


def _line(n: int, dtype: Any, *more: Any) -> Callable:
    """Un vector 0, 1, 2…, una salida del mismo tamaño y lo demás."""
    return lambda: (np.arange(n).astype(dtype), np.zeros(n, dtype), *more)


def _nans() -> tuple[Any, ...]:
    targets = (np.zeros(2, kind) for kind in (np.int32, np.int64, np.uint32, np.uint64))
    return np.array([np.nan], np.float32), np.array([np.nan], np.float64), *targets


def _local() -> tuple[Any, ...]:
    x, jump = np.ones(1024, np.float32), np.arange(128, dtype=np.int32)
    return x, np.zeros(128, np.float32), jump


def _partial() -> list[Experiment]:
    question = "¿cómo se calculan los sectores ideales con {} carriles y datos de {} B?"
    return [
        Experiment(
            f"partial_warps_{active}_{np.dtype(kind).name}", 1,
            question.format(active, np.dtype(kind).itemsize), "partial_warps",
            _line(64, kind, np.int32(active)), 64, metrics=GLOBAL,
        )
        for kind in (np.int8, np.int16, np.float32, np.float64) for active in (1, 9, 17, 32)
    ]  # fmt: skip


EXPERIMENTS = (
    *_partial(),
    *(Experiment(f"pairs_64_{step}", 2, f"¿cuántos frentes, si repiten de a {step}?", "pairs_64",
                 _line(64, np.float64, np.int32(step)), metrics=SHARED)
      for step in (1, 2, 4)),
    *(Experiment(f"quarters_128_{active}", 3, f"¿cuántos frentes con {active} carriles?",
                 "quarters_128", _line(128, np.float32, np.int32(active)), metrics=SHARED)
      for active in (8, 12, 16, 32)),
    *(Experiment(f"bytes_in_banks_{step}", 4, f"¿cuántos frentes, a {step} B de distancia?",
                 "bytes_in_banks", _line(4096, np.int8, np.int32(step)), metrics=SHARED)
      for step in (1, 2, 4, 128)),
    *(Experiment(f"shared_atomics_{bins}", 5, f"¿cuántos frentes con {bins} casillas?",
                 "shared_atomics", _line(32, np.int32, np.int32(bins)), metrics=ATOMIC)
      for bins in (1, 2, 32)),
    *(Experiment(f"global_reductions_{bins}", 6, f"¿cuántos sectores con {bins} casillas?",
                 "global_reductions", _line(32, np.int32, np.int32(bins)), metrics=REDUCED)
      for bins in (1, 8, 32)),
    Experiment("block_error", 8, "¿qué dice racecheck de la muestra de bloque?", "block_error",
               _line(128, np.int32), 128, "racecheck"),
    Experiment("warp_error", 8, "¿qué dice racecheck de la muestra de warp?", "warp_error",
               _line(64, np.int32), 64, "racecheck"),
    Experiment("same_value", 8, "¿qué gravedad tiene escribir todos lo mismo?", "same_value",
               _line(64, np.int32), 64, "racecheck"),
    Experiment("nan_to_int", 9, "¿qué entero da un NaN en las ocho combinaciones?", "nan_to_int",
               _nans, 1, "valores"),
    Experiment("spilled_local", 10, "¿cuatro sectores por petición a la memoria local?",
               "spilled_local", _local, 128, metrics=LOCAL),
)  # fmt: skip

PROFILED = tuple(each for each in EXPERIMENTS if each.tool == "ncu")
METRICS = tuple(dict.fromkeys(metric for each in PROFILED for metric in each.metrics))

# El punto 7 no tiene kernel propio: son los contadores de los peldaños uno a uno.
POINT_SEVEN = "los peldaños uno a uno, en counters.json"


def find(name: str) -> Experiment:
    """El experimento de ese nombre.

    Raises:
        KeyError: no está en la tabla.
    """
    return {each.name: each for each in EXPERIMENTS}[name]


def launch(experiment: Experiment, cuda: Any) -> tuple[Any, ...]:
    """Lo lanza con un bloque y devuelve sus argumentos en el dispositivo."""
    kernels = chapters.load(chapters.EXPERIMENTS, cuda, lines=True)
    args = tuple(
        cuda.to_device(a) if isinstance(a, np.ndarray) else a for a in experiment.arguments()
    )
    kernels[experiment.kernel][1, experiment.threads](*args)
    return args


def values(experiment: Experiment, cuda: Any) -> list[list[int]]:
    """Lo que deja un experimento de valores en sus salidas enteras."""
    after = (a.copy_to_host() for a in launch(experiment, cuda) if not isinstance(a, np.number))
    return [a.tolist() for a in after if a.dtype.kind in "iu"]


def prediction(experiment: Experiment, cuda: Any) -> dict[str, float]:
    """Lo que predice el simulador de las métricas que modela."""
    from urdimbre.observe import profile

    kernel = chapters.load(chapters.EXPERIMENTS, cuda)[experiment.kernel]
    total = profile(kernel[1, experiment.threads], *experiment.arguments()).total
    known = counters.COMPARED | OWN
    return {
        metric: float(sum(getattr(total, field) for field in known[metric]))
        for metric in experiment.metrics
        if metric in known
    }


OWN = {
    ATOMIC[0]: ("shared_atomic_requests",),
    REDUCED[0]: ("atomic_requests",),
    LOCAL[0]: ("local_load_requests",),
    LOCAL[1]: ("local_load_sectors",),
    LOCAL[2]: ("local_store_requests",),
    LOCAL[3]: ("local_store_sectors",),
}
