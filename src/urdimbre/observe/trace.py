"""La traza de una ejecución: los accesos guardados para dibujarlos."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from urdimbre.observe.lanes import active, grid3
from urdimbre.sim.events import Access, Barrier, Lanes, LaunchInfo

MAX_ACCESSES = 2_000
MAX_LANES = 4_000_000


@dataclass(frozen=True, eq=False)
class TracedAccess:
    """Un acceso guardado; los arreglos se difunden a ``(B, W, 32)`` sin copiarse.

    Attributes:
        kind, space, line: como en ``Access``; ``space`` es el del arreglo.
        name, shape, dtype, base: el arreglo y la dirección de su primer elemento.
        address: int64 ``(B, W, 32)``, primer byte de cada carril.
        mask: bool ``(B, W, 32)``, carriles activos que existen.
        index: un int64 ``(B, W, 32)`` por dimensión; vacío si el evento no lo dio.
        size: bytes por carril.
        first_block: índice lineal del primer bloque.
        phase: cuántas barreras de bloque hubo antes, en la tanda.
    """

    kind: str
    space: str
    line: int
    name: str
    shape: tuple[int, ...]
    dtype: np.dtype
    base: int
    address: np.ndarray
    mask: np.ndarray
    index: tuple[np.ndarray, ...]
    size: int
    first_block: int
    phase: int

    @property
    def blocks(self) -> range:
        """Índices lineales de los bloques del acceso."""
        return range(self.first_block, self.first_block + self.address.shape[0])


class Trace:
    """Observador que guarda accesos, en el orden en que ocurrieron.

    Args:
        max_accesses: cuántos accesos guarda como mucho.
        max_lanes: cuántos carriles guarda en total, sumando los accesos.
        spaces: qué memorias mira.

    Attributes:
        accesses: lista de ``TracedAccess``.
        dropped: accesos que ya no cupieron.
        launch: el último ``LaunchInfo``.
    """

    def __init__(
        self,
        max_accesses: int = MAX_ACCESSES,
        max_lanes: int = MAX_LANES,
        spaces: tuple[str, ...] = ("global", "shared"),
    ) -> None:
        self.accesses: list[TracedAccess] = []
        self.dropped = 0
        self.launch: LaunchInfo | None = None
        self._room = max_lanes
        self._max_accesses, self._spaces, self._phase = max_accesses, spaces, 0

    def begin(self, launch: LaunchInfo) -> None:
        """Recuerda el lanzamiento."""
        self.launch = launch

    def begin_chunk(self, lanes: Lanes) -> None:
        """Otra tanda de bloques: las fases se cuentan desde cero."""
        self._phase = 0

    def on_barrier(self, event: Barrier) -> None:
        """Cuenta las barreras de bloque."""
        self._phase += event.kind != "syncwarp"

    def on_access(self, event: Access) -> None:
        """Guarda el acceso si cabe; si no, lo cuenta en ``dropped``."""
        if event.array.space not in self._spaces:
            return
        if len(self.accesses) >= self._max_accesses or self._room <= 0:
            self.dropped += 1
            return
        record = _record(event, self._phase)
        room = self._room - _stored(record.address) - _stored(record.mask)
        if room < 0:
            self.dropped += 1
            return
        self._room = room
        self.accesses.append(record)

    @property
    def note(self) -> str:
        """Qué quedó fuera de la traza; vacío si está completa."""
        if not self.dropped:
            return ""
        kept = len(self.accesses)
        return (
            f"La traza guarda los primeros {kept} accesos y omite {self.dropped}: "
            "usa una malla más pequeña para verla completa."
        )

    def on_line(self, line: int) -> list[TracedAccess]:
        """Los accesos guardados de una línea."""
        return [a for a in self.accesses if a.line == line]


def _record(event: Access, phase: int) -> TracedAccess:
    lanes, array = event.lanes, event.array
    mask = active(event.mask, lanes)
    return TracedAccess(
        kind=event.kind,
        space=array.space,
        line=event.line,
        name=array.name,
        shape=array.shape,
        dtype=array.dtype,
        base=array.address,
        address=_spread(event.address, lanes),
        mask=_spread(True if mask is None else mask, lanes),
        index=tuple(_spread(i, lanes) for i in event.index),
        size=event.size,
        first_block=lanes.first_block,
        phase=phase,
    )


def _spread(value: Any, lanes: Lanes) -> np.ndarray:
    """Copia la forma reducida y la difunde a ``(B, W, 32)``."""
    return np.broadcast_to(grid3(value).copy(), lanes.shape)


def _stored(array: np.ndarray) -> int:
    """Elementos que de verdad ocupan memoria."""
    return math.prod(n for n, s in zip(array.shape, array.strides, strict=True) if s)
