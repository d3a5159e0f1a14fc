"""Qué leyó un hilo antes de escribir: los primeros elementos de cada arreglo de entrada."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from urdimbre.grading.numbers import element, number
from urdimbre.observe.lanes import active, value_at
from urdimbre.sim.events import Access

SHOWN = 3
HEAD = f"{'leído por ese hilo':<24} {'valor':>14}"
NOTHING = "Antes de escribirlo, ese hilo no leyó ningún arreglo de entrada."
SHARED = "Lo demás lo tomó de la memoria compartida."
ONLY_SHARED = (
    "Antes de escribirlo, ese hilo leyó de la memoria compartida y de ningún arreglo de entrada."
)


class Place(NamedTuple):
    """Un hilo: bloque lineal de la malla, warp y carril; y en qué acceso escribe, desde 1."""

    block: int
    warp: int
    lane: int
    before: int


class Readings:
    """Observador: lo que lee un hilo hasta que escribe.

    Args:
        place: el hilo, y cuántos accesos van cuando escribe.
        values: los arreglos de entrada, por su nombre en el kernel.
    """

    def __init__(self, place: Place, values: dict[str, np.ndarray]) -> None:
        self._place, self._values, self._accesses = place, values, 0
        self._read: dict[str, dict[tuple[int, ...], None]] = {}
        self._shared = False

    def on_access(self, event: Access) -> None:
        """Anota el índice que usa el hilo, si lee antes de su escritura."""
        self._accesses += 1
        name = event.array.name
        if event.kind != "load" or self._accesses >= self._place.before:
            return
        if event.array.space == "shared":
            self._shared |= self._takes_part(event)
        elif name in self._values and event.array.space == "global" and self._takes_part(event):
            at = self._at(event)
            index = tuple(value_at(part, at, event.lanes) for part in event.index)
            self._read.setdefault(name, {})[index] = None

    @property
    def table(self) -> str:
        """Los primeros elementos leídos de cada arreglo; vacío si no hay entradas que leer."""
        if not self._values:
            return ""
        if not self._read:
            return ONLY_SHARED if self._shared else NOTHING
        rows = [row for name, seen in self._read.items()
                for row in _rows(name, list(seen), self._values[name])]  # fmt: skip
        return "\n".join([HEAD, *rows, *([SHARED] if self._shared else [])])

    def _at(self, event: Access) -> tuple[int, int, int]:
        return self._place.block - event.lanes.first_block, self._place.warp, self._place.lane

    def _takes_part(self, event: Access) -> bool:
        at, mask = self._at(event), active(event.mask, event.lanes)
        if not 0 <= at[0] < event.lanes.shape[0]:
            return False
        return mask is None or bool(value_at(mask, at, event.lanes))


def _rows(name: str, seen: list[tuple[int, ...]], array: np.ndarray) -> list[str]:
    rows = [f"{element(name, at):<24} {_value(array, at):>14}" for at in seen[:SHOWN]]
    extra = len(seen) - SHOWN
    rest = f"{name + '[…]':<24} {f'y {extra} más':>14}"
    return rows + ([rest] if extra > 0 else [])


def _value(array: np.ndarray, index: tuple[int, ...]) -> str:
    """El valor de la entrada, o que ese índice no existe."""
    if len(index) != array.ndim:
        return ""
    inside = all(-n <= k < n for k, n in zip(index, array.shape, strict=True))
    return number(array[index]) if inside else "fuera de rango"
