"""Correr un caso en el simulador, una sola vez, con todo lo que las tres capas necesitan."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from urdimbre import sim
from urdimbre.errors import OutOfBoundsWarning
from urdimbre.exercises.spec import Case
from urdimbre.observe import (
    Counters,
    Doubles,
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
    """Lo que quedó de los lanzamientos de un caso.

    Attributes:
        case: el caso.
        after: los argumentos después de correr.
        findings: hallazgos de memoria, carreras y barreras.
        counters: solo si se pidió medir; la suma de todos los lanzamientos.
        traces: solo si se pidió medir; una por lanzamiento.
        static_shared_bytes: memoria compartida que se declara con tamaño fijo; la mayor.
        double_operations, double_places: las operaciones en float64, y dónde; si se pidió medir.
    """

    case: Case
    after: tuple[Any, ...]
    findings: tuple[Finding, ...] = ()
    counters: Counters | None = None
    traces: tuple[Trace, ...] = ()
    static_shared_bytes: int = 0
    double_operations: int = 0
    double_places: tuple[str, ...] = ()

    @property
    def same_value_writers(self) -> int:
        """Hilos que escriben en un elemento lo mismo que otro: una carrera que no cambia nada."""
        return sum(f.count for f in self.findings if f.kind == "race" and f.severity == "info")

    def measured(self, counter: str) -> float:
        """Valor de un contador; los que no son del perfil están en la propia corrida."""
        return getattr(self if hasattr(self, counter) else self.counters.total, counter)


class StaticShared:
    """Observador: cuántos bytes de memoria compartida estática declara el kernel."""

    nbytes = 0

    def begin(self, launch: LaunchInfo) -> None:
        self.nbytes = max(self.nbytes, launch.static_shared_bytes)


def private(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Copia de los argumentos: el original queda para comparar."""
    return tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)


def launches(kernel: Any, case: Case, args: tuple[Any, ...]) -> Iterator[tuple[Any, tuple]]:
    """Cada lanzamiento del caso, ya configurado, con los argumentos que recibe.

    Args:
        kernel: el kernel, o un diccionario por nombre si el ejercicio pide varios.
    """
    for step in case.plan:
        chosen = kernel[step.symbol] if isinstance(kernel, dict) and step.symbol else kernel
        configured = chosen[step.grid, step.block, 0, step.shared_bytes]
        yield configured, tuple(args[k] for k in step.args)


def simulate(kernel: Any, case: Case, *, measure: bool = False) -> Run:
    """Corre ``case`` en el simulador bajo observación.

    Args:
        kernel: como en :func:`launches`.

    Raises:
        KernelError, LaunchError, ArgumentError: los del simulador.
    """
    static, counters, doubles = StaticShared(), Counters(), Doubles()
    traces: list[Trace] = []
    findings: list[Finding] = []
    args = private(case.args)
    for launch, given in launches(kernel, case, args):
        # Entre dos lanzamientos todo queda ordenado: cada uno tiene sus propios vigilantes.
        watchers = (Memcheck(), Initcheck(), Racecheck(("shared", "global")), Synccheck())
        meters = (counters, doubles, Trace()) if measure else ()
        seen = sim.observing(static, *watchers, *meters)
        with quiet(), sim.options(loop_budget=LOOP_BUDGET), seen:
            launch(*given)
        findings += (finding for watcher in watchers for finding in watcher.findings)
        traces += meters[2:]
    measured = counters if measure else None
    return Run(
        case, args, tuple(findings), measured, tuple(traces), static.nbytes,
        doubles.operations, tuple(doubles.places),
    )  # fmt: skip


def observed(kernel: Any, case: Case, observer: Callable[[int], Any]) -> list[Any]:
    """Corre el caso otra vez, con un observador nuevo en cada lanzamiento; los devuelve.

    Raises:
        KernelError, LaunchError, ArgumentError: los del simulador.
    """
    args, used = private(case.args), []
    for number, (launch, given) in enumerate(launches(kernel, case, args)):
        used.append(observer(number))
        with quiet(), sim.options(loop_budget=LOOP_BUDGET), sim.observing(used[-1]):
            launch(*given)
    return used


@contextlib.contextmanager
def quiet():
    """Sin los ``print`` del kernel ni los avisos que aquí ya son hallazgos."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore", OutOfBoundsWarning)
        yield
