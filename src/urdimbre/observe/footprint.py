"""Tráfico obligado: los sectores de memoria global que el lanzamiento toca al menos una vez.

Aunque la caché fuera perfecta, cada uno viaja una vez: es una cota inferior de los bytes de DRAM.
"""

from __future__ import annotations

import numpy as np

from urdimbre.observe.lanes import active, grid3, without
from urdimbre.observe.tally import SECTOR_BYTES
from urdimbre.sim.events import Access, LaunchInfo


class Footprint:
    """Observador que marca los sectores de 32 B que toca el lanzamiento.

    Leer y escribir un mismo sector son dos viajes; leerlo muchas veces, uno. Una atómica es una
    escritura.
    """

    def __init__(self) -> None:
        self._tables: dict[tuple[str, int], np.ndarray] = {}
        self._before = 0

    def begin(self, launch: LaunchInfo) -> None:
        """Otro lanzamiento vuelve a traer sus datos."""
        self._before = self.sectors
        self._tables.clear()

    @property
    def sectors(self) -> int:
        """Sectores distintos, sumados sobre los lanzamientos."""
        return self._before + sum(int(np.count_nonzero(t)) for t in self._tables.values())

    @property
    def bytes(self) -> int:
        """Los bytes que se mueven como mínimo."""
        return SECTOR_BYTES * self.sectors

    def on_access(self, event: Access) -> None:
        """Marca los sectores de los carriles activos."""
        if event.array.space != "global":
            return
        mask = without(active(event.mask, event.lanes), event.out_of_bounds)
        start = grid3(event.address)
        if mask is not None:
            start, keep = np.broadcast_arrays(start, mask)
            start = start[keep]
        table, first = self._table(event)
        table[start // SECTOR_BYTES - first] = True
        if event.size > 1:
            table[(start + (event.size - 1)) // SECTOR_BYTES - first] = True

    def _table(self, event: Access) -> tuple[np.ndarray, int]:
        base, nbytes = event.array.allocation
        first, last = base // SECTOR_BYTES, (base + nbytes + event.size) // SECTOR_BYTES
        key = ("read" if event.kind == "load" else "write", base)
        if key not in self._tables:
            self._tables[key] = np.zeros(last - first + 1, bool)
        return self._tables[key], first
