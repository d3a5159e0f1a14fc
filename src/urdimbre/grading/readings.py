"""Qué leyó un hilo antes de escribir: los primeros elementos de cada arreglo de entrada."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from urdimbre.grading.numbers import element, number

SHOWN = 3
HEAD = f"{'leído por ese hilo':<24} {'valor':>14}"
NOTHING = "Antes de escribirlo, ese hilo no leyó ningún arreglo de entrada."
SHARED = "Lo demás lo tomó de la memoria compartida."
ONLY_SHARED = (
    "Antes de escribirlo, ese hilo leyó de la memoria compartida y de ningún arreglo de entrada."
)


class Place(NamedTuple):
    """Un carril de la traza: bloque lineal de la malla, warp, carril y cuántos accesos van."""

    block: int
    warp: int
    lane: int
    before: int


def of_thread(trace: Any, place: Place, values: dict[str, np.ndarray]) -> str:
    """Tabla con lo primero que leyó el hilo de ``place`` de cada arreglo de ``values``.

    Un ``values`` vacío da texto vacío: no hay entradas que leer.
    """
    read: dict[str, dict[tuple[int, ...], None]] = {}
    shared = False
    for access in trace.accesses[: place.before]:
        at = _position(access, place)
        if at is None or access.kind != "load":
            continue
        shared |= access.space == "shared"
        if access.name in values and access.space == "global":
            index = tuple(int(part[at]) for part in access.index)
            read.setdefault(access.name, {})[index] = None
    if not values or (not read and trace.dropped):
        return ""
    if not read:
        return ONLY_SHARED if shared else NOTHING
    rows = [row for name, seen in read.items() for row in _rows(name, list(seen), values[name])]
    return "\n".join([HEAD, *rows, *([SHARED] if shared else [])])


def _position(access: Any, place: Place) -> tuple[int, int, int] | None:
    """Dónde está el hilo en los arreglos del acceso; ``None`` si no participa."""
    if place.block not in access.blocks:
        return None
    at = (place.block - access.first_block, place.warp, place.lane)
    return at if access.mask[at] else None


def _rows(name: str, seen: list[tuple[int, ...]], array: np.ndarray) -> list[str]:
    rows = [f"{element(name, at):<24} {_value(array, at):>14}" for at in seen[:SHOWN]]
    extra = len(seen) - SHOWN
    return rows + ([f"y {extra} más de {name}"] if extra > 0 else [])


def _value(array: np.ndarray, index: tuple[int, ...]) -> str:
    """El valor de la entrada, o que ese índice no existe."""
    if len(index) != array.ndim:
        return ""
    inside = all(-n <= k < n for k, n in zip(index, array.shape, strict=True))
    return number(array[index]) if inside else "fuera de rango"
