"""Observar un programa entero: un juego de observadores por kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from urdimbre.observe.profile import Profile
from urdimbre.observe.registers import Asked
from urdimbre.observe.roofline import Card
from urdimbre.observe.watch import Watch
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

    @property
    def note(self) -> str:
        """Que es una suma, si lo es; vacío si no."""
        if self.launches == 1:
            return ""
        return f"Suma de {self.launches} lanzamientos; la configuración es la del último."

    def __str__(self) -> str:
        return f"{self.profile}\n\n{self.note}" if self.note else str(self.profile)

    def to_dict(self) -> dict[str, Any]:
        """El perfil con tipos que JSON entiende, y cuántas veces se lanzó."""
        return self.profile.to_dict() | {"launches": self.launches}


class PerKernel:
    """Observador que reparte los eventos: cada kernel tiene los suyos.

    Args:
        card, registers: como en ``profile``.
    """

    def __init__(self, card: Card | None = None, registers: int | str | None = None) -> None:
        self._watches: dict[tuple, Watch] = {}
        self._launches: dict[tuple, int] = {}
        self._current: tuple = ()
        self._card, self._asked = card, Asked(registers)

    def launched(self, launch: Any, args: tuple[Any, ...]) -> None:
        """Anota el lanzamiento, por si hay que compilarlo."""
        self._asked.launched(launch, args)

    def begin(self, launch: LaunchInfo) -> None:
        """Elige los observadores del kernel que se lanza."""
        key = (launch.origin, launch.first_line, launch.kernel)
        if key not in self._watches:
            self._watches[key] = Watch()
        self._launches[key] = self._launches.get(key, 0) + 1
        self._current = self._watches[key].observers
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

    def on_step(self, event: Any) -> None:
        """Pasa el evento."""
        self._tell("on_step", event)

    def end_chunk(self) -> None:
        """Pasa el aviso."""
        self._tell("end_chunk")

    def end(self) -> None:
        """Pasa el aviso."""
        self._tell("end")

    def profiles(self) -> list[KernelProfile]:
        """Un perfil por kernel, en el orden en que aparecieron."""
        return [
            KernelProfile(Profile.of(watch, self._card, self._asked), self._launches[key])
            for key, watch in self._watches.items()
        ]

    def _tell(self, name: str, *arguments: Any) -> None:
        for observer in self._current:
            handler = getattr(observer, name, None)
            if handler:
                handler(*arguments)
