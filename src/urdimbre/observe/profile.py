"""Comprobar, perfilar y registrar un lanzamiento con una sola llamada."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from urdimbre import sim
from urdimbre.errors import ArgumentError
from urdimbre.observe.advice import Advice, advise
from urdimbre.observe.checks import EVERYWHERE, all_checks, collect
from urdimbre.observe.counters import Counters
from urdimbre.observe.findings import Finding
from urdimbre.observe.profile_html import profile_html
from urdimbre.observe.profile_text import profile_text
from urdimbre.observe.tally import METRICS, NOT_MODELLED, Tally
from urdimbre.observe.trace import Trace
from urdimbre.sim.events import LaunchInfo


@dataclass(frozen=True, eq=False)
class Profile:
    """Las cuentas y los hallazgos de un lanzamiento; nunca muestra tiempo simulado.

    Attributes:
        launch: kernel, geometría y código.
        counters: ``Counters`` ya lleno; ``counters.total`` y ``counters.by_line``.
        findings: lo que encontraron las comprobaciones.
    """

    launch: LaunchInfo
    counters: Counters
    findings: list[Finding]

    @property
    def total(self) -> Tally:
        """Las cuentas de todo el lanzamiento."""
        return self.counters.total

    @property
    def advice(self) -> list[Advice]:
        """Qué mejorar, según los umbrales publicados."""
        return advise(self.launch, self.counters.by_line, self.total)

    def to_dict(self) -> dict[str, Any]:
        """Todo el perfil con tipos que JSON entiende."""
        by_line = {line: t.to_dict() for line, t in sorted(self.counters.by_line.items())}
        return {
            "kernel": self.launch.kernel,
            "grid": list(self.launch.grid),
            "block": list(self.launch.block),
            "total": self.total.to_dict(),
            "by_line": {str(line): tally for line, tally in by_line.items()},
            "metrics": {name: metric.ncu for name, metric in METRICS.items()},
            "findings": [f.to_dict() for f in self.findings],
            "advice": [a.to_dict() for a in self.advice],
            "not_modelled": list(NOT_MODELLED),
        }

    def __str__(self) -> str:
        return profile_text(self.launch, self.counters, self.findings)

    def _repr_html_(self) -> str:
        return profile_html(self.launch, self.counters, self.findings)


def sanitize(launch: Any, *args: Any, races: tuple[str, ...] = EVERYWHERE) -> list[Finding]:
    """Corre ``launch(*args)`` con todas las comprobaciones y devuelve lo que encontraron.

    Args:
        launch: un kernel con su configuración, ``kernel[malla, bloque]``.
        args: los argumentos del kernel; los arreglos de salida quedan escritos.
        races: en qué memorias busca carreras: ``"shared"``, ``"global"`` o las dos.

    Raises:
        ArgumentError: si ``launch`` no es un kernel configurado.
        KernelError: si el kernel no compila o falla al correr.
    """
    checks = all_checks(races)
    _run(launch, args, *checks)
    return collect(checks)


def profile(launch: Any, *args: Any) -> Profile:
    """Corre ``launch(*args)`` en el simulador y devuelve su ``Profile``.

    Los argumentos y los errores son los de ``sanitize``.
    """
    counters, checks = Counters(), all_checks()
    _run(launch, args, counters, *checks)
    if counters.launch is None:
        raise ArgumentError("El lanzamiento no corrió en el simulador: no hay nada que perfilar.")
    return Profile(counters.launch, counters, collect(checks))


def record(launch: Any, *args: Any) -> Trace:
    """Corre ``launch(*args)`` en el simulador y devuelve su ``Trace``, para dibujarla.

    Los argumentos y los errores son los de ``sanitize``.
    """
    trace = Trace()
    _run(launch, args, trace)
    return trace


def _run(launch: Any, args: tuple, *observers: Any) -> None:
    launch = _simulated(launch)
    with sim.observing(*observers):
        launch(*args)


def _simulated(launch: Any) -> Any:
    """El lanzamiento en el simulador, también si viene de la Numba real."""
    if hasattr(launch, "dispatcher"):
        kernel = sim.as_kernel(launch.dispatcher)
        return kernel[launch.griddim, launch.blockdim, launch.stream, launch.sharedmem]
    if not (callable(launch) and hasattr(launch, "grid")):
        raise ArgumentError(
            "Falta la configuración de lanzamiento: escribe kernel[malla, bloque] "
            f"como primer argumento, no {type(launch).__name__}."
        )
    return launch
