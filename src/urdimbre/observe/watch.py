"""Los observadores de un perfil, juntos: se usan en un lanzamiento o en todos los de un kernel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from urdimbre.observe.activity import Activity
from urdimbre.observe.checks import all_checks, collect
from urdimbre.observe.counters import Counters
from urdimbre.observe.findings import Finding
from urdimbre.observe.footprint import Footprint
from urdimbre.observe.trace import Trace

TRACED_LANES = 1_000_000  # la traza de un perfil es para dibujar los primeros accesos


@dataclass(frozen=True, eq=False)
class Watch:
    """Lo que mira un perfil.

    Attributes:
        counters, footprint, activity, trace: cuentas, tráfico obligado, carriles y accesos.
        checks: las comprobaciones.
    """

    counters: Counters = field(default_factory=Counters)
    footprint: Footprint = field(default_factory=Footprint)
    activity: Activity = field(default_factory=Activity)
    trace: Trace = field(default_factory=lambda: Trace(max_lanes=TRACED_LANES))
    checks: tuple[Any, ...] = field(default_factory=all_checks)

    @property
    def observers(self) -> tuple[Any, ...]:
        """Todos, para ``sim.observing``."""
        return (self.counters, self.footprint, self.activity, self.trace, *self.checks)

    @property
    def findings(self) -> list[Finding]:
        """Lo que encontraron las comprobaciones."""
        return collect(self.checks)
