"""Observar un programa entero: un juego de observadores por kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from urdimbre.observe.checks import all_checks, collect
from urdimbre.observe.counters import Counters
from urdimbre.observe.profile import Profile
from urdimbre.sim.events import LaunchInfo


@dataclass(frozen=True)
class KernelProfile:
    """El perfil de un kernel, sumado sobre todos sus lanzamientos.

    Attributes:
        profile: cuentas y hallazgos; ``profile.launch`` es el último lanzamiento.
        launches: cuántas veces se lanzó.
    """

    profile: Profile
    launches: int

    def __str__(self) -> str:
        if self.launches == 1:
            return str(self.profile)
        note = f"Suma de {self.launches} lanzamientos; la configuración es la del último."
        return f"{self.profile}\n\n{note}"


class PerKernel:
    """Observador que reparte los eventos: cada kernel tiene los suyos."""

    def __init__(self) -> None:
        self._observers: dict[tuple, tuple] = {}
        self._launches: dict[tuple, int] = {}
        self._current: tuple = ()

    def begin(self, launch: LaunchInfo) -> None:
        """Elige los observadores del kernel que se lanza."""
        key = (launch.filename, launch.first_line, launch.kernel)
        if key not in self._observers:
            self._observers[key] = (Counters(), *all_checks())
        self._launches[key] = self._launches.get(key, 0) + 1
        self._current = self._observers[key]
        self._tell("begin", launch)

    def begin_chunk(self, lanes: Any) -> None:
        """Pasa el aviso."""
        self._tell("begin_chunk", lanes)

    def on_access(self, event: Any) -> None:
        """Pasa el evento."""
        self._tell("on_access", event)

    def on_barrier(self, event: Any) -> None:
        """Pasa el evento."""
        self._tell("on_barrier", event)

    def on_branch(self, event: Any) -> None:
        """Pasa el evento."""
        self._tell("on_branch", event)

    def on_op(self, event: Any) -> None:
        """Pasa el evento."""
        self._tell("on_op", event)

    def end_chunk(self) -> None:
        """Pasa el aviso."""
        self._tell("end_chunk")

    def end(self) -> None:
        """Pasa el aviso."""
        self._tell("end")

    def profiles(self) -> list[KernelProfile]:
        """Un perfil por kernel, en el orden en que aparecieron."""
        return [
            KernelProfile(self._profile(observers), self._launches[key])
            for key, observers in self._observers.items()
        ]

    def _profile(self, observers: tuple) -> Profile:
        counters, *checks = observers
        return Profile(counters.launch, counters, collect(tuple(checks)))

    def _tell(self, name: str, *arguments: Any) -> None:
        for observer in self._current:
            handler = getattr(observer, name, None)
            if handler:
                handler(*arguments)
