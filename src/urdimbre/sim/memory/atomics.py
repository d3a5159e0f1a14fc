"""Operaciones atómicas: el resultado es el de ejecutarlas una tras otra en orden de carril."""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.sim.memory.access import emit, warn_outside
from urdimbre.sim.memory.references import ArrayRef, linear
from urdimbre.sim.memory.spaces import poison


def _nan_safe(run: Any) -> Any:
    """max y min atómicos: un NaN guardado se queda; uno nuevo nunca entra."""

    def update(old: Any, new: Any) -> Any:
        if old.dtype.kind != "f":
            return run(old, new)
        return np.where(np.isnan(old) | np.isnan(new), old, run(old, new))

    return update


def _increment(old: Any, limit: Any) -> Any:
    return np.where(old >= limit, old.dtype.type(0), old + old.dtype.type(1))


def _decrement(old: Any, limit: Any) -> Any:
    return np.where((old == 0) | (old > limit), limit, old - old.dtype.type(1))


UPDATE = {
    "add": np.add,
    "sub": np.subtract,
    "and_": np.bitwise_and,
    "or_": np.bitwise_or,
    "xor": np.bitwise_xor,
    "max": _nan_safe(np.maximum),
    "min": _nan_safe(np.minimum),
    "nanmax": np.fmax,
    "nanmin": np.fmin,
    "exch": lambda old, new: new,
    "inc": _increment,
    "dec": _decrement,
}
ACCUMULATE = frozenset(("add", "sub", "and_", "or_", "xor", "nanmax", "nanmin"))


def atomic(
    run: Any, op: str, ref: ArrayRef, index: Any, values: Any, mask: Any, line: int, used: bool
) -> Any:
    """Aplica la atómica en los carriles activos y devuelve el valor anterior de cada uno."""
    lin = linear(ref, index)
    if run.on_access:
        reads = used or op != "exch"
        emit(run, "atomic", ref, index, lin, mask, line, values[-1], used, reads)
    at, parts, active = _lanes(run, ref, lin, values, mask)
    if op in ("cas", "compare_and_swap"):
        old = _compare_and_swap(ref.store.flat, at, *parts)
    elif not used and op in ACCUMULATE:
        UPDATE[op].at(ref.store.flat, at, parts[0])
        return None
    else:
        old = _one_by_one(ref.store.flat, at, parts[0], op)
    out = poison(run.shape, ref.info.dtype)
    out[active] = old
    return out


def _lanes(run: Any, ref: ArrayRef, lin: Any, values: Any, mask: Any) -> Any:
    """Posición y operandos de cada carril activo y dentro del arreglo, en orden."""
    active = np.broadcast_to(mask, run.shape)
    inside = active & (lin >= 0) & (lin < ref.store.size)
    if (inside != active).any():
        warn_outside(run, ref, "escribió", run.line)
    safe = np.where(inside, lin, 0)
    at = np.broadcast_to(ref.store.physical(safe), run.shape)[inside]
    return at, [np.broadcast_to(v, run.shape)[inside] for v in values], inside


def _ranks(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Orden estable por posición y el turno de cada carril dentro de la suya."""
    order = np.argsort(at, kind="stable")
    ordered = at[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[starts, ordered.size])
    rank = np.arange(ordered.size, dtype=np.int64) - np.repeat(starts, lengths)
    return order, rank


def _one_by_one(flat: np.ndarray, at: np.ndarray, value: np.ndarray, op: str) -> np.ndarray:
    """Por turnos: en el turno k, el k-ésimo carril de cada posición, todos a la vez."""
    order, rank = _ranks(at)
    if op in ACCUMULATE and rank.max(initial=0) > 64:
        return _by_segment(flat, at, value, order, rank, op)
    old = np.empty_like(value)
    for turn in range(int(rank.max(initial=-1)) + 1):
        who = order[rank == turn]
        where = at[who]
        old[who] = flat[where]
        flat[where] = UPDATE[op](flat[where], value[who])
    return old


def _by_segment(flat: Any, at: Any, value: Any, order: Any, rank: Any, op: str) -> np.ndarray:
    """Con mucha contención, una acumulación de NumPy por posición: también en orden."""
    old = np.empty_like(value)
    for who in np.split(order, np.flatnonzero(rank == 0)[1:]):
        where = at[who[0]]
        running = UPDATE[op].accumulate(np.r_[flat[where], value[who]])
        old[who], flat[where] = running[:-1], running[-1]
    return old


def _compare_and_swap(flat: Any, at: Any, expected: Any, new: Any) -> np.ndarray:
    order, rank = _ranks(at)
    old = np.empty_like(new)
    for turn in range(int(rank.max(initial=-1)) + 1):
        who = order[rank == turn]
        where = at[who]
        old[who] = flat[where]
        flat[where] = np.where(old[who] == expected[who], new[who], old[who])
    return old
