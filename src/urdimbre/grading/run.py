"""Correr un caso en el simulador, una sola vez, con todo lo que las tres capas necesitan."""

from __future__ import annotations

import contextlib
import io
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from urdimbre import sim
from urdimbre.errors import OutOfBoundsWarning
from urdimbre.exercises.spec import Case
from urdimbre.observe import (
    Counters,
    Finding,
    Initcheck,
    Memcheck,
    Racecheck,
    Synccheck,
    Trace,
)
from urdimbre.sim.events import LaunchInfo

# Vueltas de un ciclo antes de darlo por infinito: los casos tienen pocos miles de elementos.
LOOP_BUDGET = 10_000


@dataclass(frozen=True)
class Run:
    """Lo que quedó de un lanzamiento.

    Attributes:
        case: el caso.
        after: los argumentos después de correr.
        findings: hallazgos de memoria, carreras y barreras.
        counters, trace: solo si se pidió medir.
        static_shared_bytes: memoria compartida que el kernel declara con tamaño fijo.
    """

    case: Case
    after: tuple[Any, ...]
    findings: tuple[Finding, ...] = ()
    counters: Counters | None = None
    trace: Trace | None = None
    static_shared_bytes: int = 0

    def measured(self, counter: str) -> float:
        """Valor de un contador; ``static_shared_bytes`` lo dice el propio lanzamiento."""
        return getattr(self if hasattr(self, counter) else self.counters.total, counter)


class StaticShared:
    """Observador: cuántos bytes de memoria compartida estática declara el kernel."""

    nbytes = 0

    def begin(self, launch: LaunchInfo) -> None:
        self.nbytes = launch.static_shared_bytes


def private(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Copia de los argumentos: el original queda para comparar."""
    return tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)


def simulate(kernel: Any, case: Case, *, measure: bool = False) -> Run:
    """Corre ``case`` en el simulador bajo observación.

    Raises:
        KernelError, LaunchError, ArgumentError: los del simulador.
    """
    watchers = (Memcheck(), Initcheck(), Racecheck(("shared", "global")), Synccheck())
    meters = (Counters(), Trace()) if measure else ()
    static = StaticShared()
    args = private(case.args)
    with quiet(), sim.options(loop_budget=LOOP_BUDGET), sim.observing(static, *watchers, *meters):
        kernel[case.grid, case.block, 0, case.shared_bytes](*args)
    findings = tuple(finding for watcher in watchers for finding in watcher.findings)
    return Run(case, args, findings, *meters, static_shared_bytes=static.nbytes)


@contextlib.contextmanager
def quiet():
    """Sin los ``print`` del kernel ni los avisos que aquí ya son hallazgos."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore", OutOfBoundsWarning)
        yield
