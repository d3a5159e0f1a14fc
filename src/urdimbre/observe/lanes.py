"""Carriles de un evento: formas reducidas, máscaras y nombres para los mensajes.

Un evento difunde sus arreglos a ``(B, W, 32)``. Aquí se llevan a tres dimensiones sin
expandirlos, para que un acceso igual en todos los bloques se mire una sola vez.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from urdimbre.sim.events import WARP, Lanes


def grid3(value: Any) -> np.ndarray:
    """El mismo valor con tres dimensiones ``(B o 1, W o 1, 32 o 1)``, sin copiarlo."""
    array = np.asarray(value)
    return array.reshape((1,) * (3 - array.ndim) + array.shape)


def spread(value: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """El mismo valor difundido a ``shape``; casi siempre ya la tiene, y comprobarlo es barato."""
    return value if value.shape == shape else np.broadcast_to(value, shape)


def active(mask: Any, lanes: Lanes) -> np.ndarray | None:
    """Carriles activos que existen, en tres dimensiones; ``None`` si son todos."""
    if mask is True and lanes.base_mask is True:
        return None
    merged = grid3(mask)
    if lanes.base_mask is not True:
        merged = merged & grid3(lanes.base_mask)
    return None if merged.all() else merged


def active_count(mask: Any, lanes: Lanes) -> int:
    """Cuántos carriles activos hay."""
    merged = active(mask, lanes)
    if merged is None:
        return math.prod(lanes.shape)
    return int(np.count_nonzero(merged)) * (math.prod(lanes.shape) // merged.size)


def without(mask: np.ndarray | None, excluded: Any) -> np.ndarray | None:
    """La máscara sin los carriles de ``excluded`` (``False`` si no hay ninguno)."""
    if excluded is False:
        return mask
    keep = ~grid3(excluded)
    return keep if mask is None else mask & keep


def value_at(value: Any, where: tuple[int, int, int], lanes: Lanes) -> Any:
    """Lo que vale ``value`` en el carril ``where = (b, w, l)``."""
    return np.broadcast_to(grid3(value), lanes.shape)[where].item()


def linear_thread(where: tuple[int, int, int]) -> int:
    """Hilo lineal ``32 * warp + carril`` de la posición ``(b, w, l)``."""
    return int(where[1]) * WARP + int(where[2])


def coordinates(position: Sequence[int], dims: Sequence[int]) -> str:
    """«5» en una dimensión; «(x=3, y=1)» si ``dims`` usa más de una."""
    used = max((i + 1 for i, size in enumerate(dims) if size > 1), default=1)
    if used == 1:
        return str(position[0])
    return "(" + ", ".join(f"{n}={v}" for n, v in zip("xyz"[:used], position)) + ")"


def thread_name(thread: int, lanes: Lanes) -> str:
    """``threadIdx`` del hilo lineal, como se escribe en un mensaje."""
    return coordinates(lanes.thread_index(thread), lanes.block)


def block_name(b: int, lanes: Lanes) -> str:
    """``blockIdx`` del bloque ``b`` de la tanda, como se escribe en un mensaje."""
    return coordinates(lanes.block_index(b), lanes.grid)


def element_name(array: str, index: tuple[Any, ...], where: tuple, lanes: Lanes) -> str:
    """``s[3, 1]``: el elemento que toca ese carril; solo el nombre si no hay índice."""
    if not index:
        return array
    return f"{array}[{', '.join(str(value_at(i, where, lanes)) for i in index)}]"
