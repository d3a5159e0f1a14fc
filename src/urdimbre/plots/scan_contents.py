"""Lo que contiene un arreglo compartido después de cada tramo de una suma de prefijos.

La entrada son las potencias de dos, 1, 2, 4, 8…: la suma que guarda una casilla, escrita en
binario, dice qué elementos lleva sumados. Aquí no se dibuja nada.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from urdimbre import sim
from urdimbre.errors import ArgumentError
from urdimbre.observe.lanes import active, grid3
from urdimbre.sim.events import Access, Barrier

LIMIT = 24  # una potencia de dos mayor ya no se suma exacta en float32


@dataclass
class Phase:
    """Un tramo entre barreras.

    Attributes:
        values: lo que contiene cada casilla al terminar; NaN si nadie la escribió todavía.
        written: casillas que se escribieron.
        links: pares (casilla leída, casilla escrita) por el mismo hilo.
    """

    values: np.ndarray
    written: set[int] = field(default_factory=set)
    links: set[tuple[int, int]] = field(default_factory=set)


class Contents:
    """Observador que sigue lo que contiene un arreglo compartido del bloque 0.

    Args:
        array: nombre del arreglo en el kernel.
        n: casillas por fila. Si tiene más de una fila (dos copias), se sigue la última escrita.

    Attributes:
        phases: los tramos en que alguien escribió el arreglo, en orden.
    """

    def __init__(self, array: str, n: int) -> None:
        self.array, self.n = array, n
        self.phases: list[Phase] = []
        self._now = Phase(np.full(n, np.nan, np.float64))
        self._read: dict[int, set[tuple[int, int]]] = {}

    def on_access(self, event: Access) -> None:
        """Anota qué casilla toca cada hilo, y qué valor mueve."""
        if event.array.name != self.array or event.array.space != "shared":
            return
        for thread, place, value in _touched(event, self.n):
            if event.kind == "load":
                self._read.setdefault(thread, set()).add((place, int(value)))
                continue
            self._now.values[place] = value
            self._now.written.add(place)
            sources = (p for p, v in self._read.get(thread, ()) if v and v & int(value) == v)
            self._now.links.update((p, place) for p in sources)

    def on_barrier(self, event: Barrier) -> None:
        """Cierra el tramo."""
        if event.kind != "syncwarp":
            self.end()

    def end(self) -> None:
        """Guarda el tramo si alguien escribió, y empieza otro con lo que quedó."""
        if self._now.written:
            self.phases.append(self._now)
        self._now = Phase(self._now.values.copy())
        self._read = {}


def _touched(event: Access, n: int) -> list[tuple[int, int, float]]:
    """Hilo, casilla y valor de cada carril activo del bloque 0."""
    shape = event.lanes.shape
    place = np.broadcast_to(grid3(event.address), shape)[0].ravel() - event.array.address
    value = np.broadcast_to(grid3(event.value), shape)[0].ravel()
    mask = active(event.mask, event.lanes)
    on = np.arange(place.size, dtype=np.int64)
    if mask is not None:
        on = np.flatnonzero(np.broadcast_to(mask, shape)[0].ravel())
    slots = place // event.array.dtype.itemsize % n
    return [(int(t), int(slots[t]), float(value[t])) for t in on]


def follow(kernel: Any, threads: int, n: int, array: str) -> list[Phase]:
    """Corre ``kernel[1, threads](x, out)`` con las potencias de dos y sigue un arreglo.

    Args:
        kernel: kernel de suma de prefijos, con parámetros ``x`` y ``out``.
        threads: hilos del único bloque.
        n: elementos de ``x``; también, las casillas que se siguen.
        array: nombre del arreglo compartido.

    Returns:
        Los tramos en que se escribió el arreglo.

    Errors:
        ArgumentError: más de 24 elementos, o nadie escribe ese arreglo.
    """
    if n > LIMIT:
        raise ArgumentError(f"Se pueden seguir hasta {LIMIT} elementos y pides {n}.")
    contents = Contents(array, n)
    x = (2.0 ** np.arange(n, dtype=np.int64)).astype(np.float32)
    with sim.observing(contents):
        sim.as_kernel(kernel)[1, threads](x, np.zeros_like(x))
    if not contents.phases:
        raise ArgumentError(f"El kernel no escribe «{array}». Revisa el nombre del arreglo.")
    return contents.phases
