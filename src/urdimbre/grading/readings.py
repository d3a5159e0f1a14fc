"""Qué leyó un hilo antes de escribir: los primeros elementos de cada arreglo."""

from __future__ import annotations

from typing import NamedTuple

from urdimbre.grading.numbers import number, table
from urdimbre.observe.lanes import active, element_name, value_at
from urdimbre.sim.events import Access

SHOWN = 3
HEAD = ("leído por ese hilo", "valor")
NOTHING = "Antes de escribirlo, ese hilo no leyó ningún arreglo."
SHARED = "Lo demás lo tomó de la memoria compartida."
ONLY_SHARED = "Antes de escribirlo, ese hilo leyó solo de la memoria compartida."


class Place(NamedTuple):
    """Un hilo: bloque lineal de la malla, warp y carril; y en qué acceso escribe, desde 1."""

    block: int
    warp: int
    lane: int
    before: int


class Readings:
    """Observador: lo que lee un hilo hasta que escribe.

    Args:
        place: el hilo, y en qué acceso escribe.
        expected: si el kernel recibe arreglos que debería leer.
    """

    def __init__(self, place: Place, expected: bool) -> None:
        self._place, self._expected, self._accesses = place, expected, 0
        self._read: dict[str, dict[str, str]] = {}
        self._shared = False

    def on_access(self, event: Access) -> None:
        """Anota el elemento y su valor, si el hilo lo lee antes de su escritura."""
        self._accesses += 1
        if event.kind != "load" or self._accesses >= self._place.before:
            return
        if not self._takes_part(event):
            return
        if event.array.space == "shared":
            self._shared = True
        elif event.array.space == "global":
            what = element_name(event.array.name, event.index, self._at(event), event.lanes)
            self._read.setdefault(event.array.name, {})[what] = self._value(event)

    @property
    def table(self) -> str:
        """Los primeros elementos leídos de cada arreglo; vacío si no hay nada que leer."""
        if not self._read:
            nothing = ONLY_SHARED if self._shared else NOTHING
            return nothing if self._expected else ""
        rows = [row for name, seen in self._read.items() for row in _rows(name, seen)]
        return "\n".join([*table([HEAD, *rows]), *([SHARED] if self._shared else [])])

    def _at(self, event: Access) -> tuple[int, int, int]:
        return self._place.block - event.lanes.first_block, self._place.warp, self._place.lane

    def _takes_part(self, event: Access) -> bool:
        at, mask = self._at(event), active(event.mask, event.lanes)
        if not 0 <= at[0] < event.lanes.shape[0]:
            return False
        return mask is None or bool(value_at(mask, at, event.lanes))

    def _value(self, event: Access) -> str:
        """Lo que leyó, o que ese índice no existe."""
        at = self._at(event)
        if event.out_of_bounds is not False and value_at(event.out_of_bounds, at, event.lanes):
            return "fuera de rango"
        return "" if event.value is None else number(value_at(event.value, at, event.lanes))


def _rows(name: str, seen: dict[str, str]) -> list[tuple[str, str]]:
    extra = len(seen) - SHOWN
    rest = [(f"{name}[…]", f"y {extra} más")] if extra > 0 else []
    return [*list(seen.items())[:SHOWN], *rest]
