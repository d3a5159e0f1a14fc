"""Operaciones de un warp: barajar, votar, comparar y reunirse.

El eje de los 32 carriles es explícito, así que cada una es una operación de NumPy sobre él.
Participan los carriles activos que nombra la máscara; de los demás no se lee nada útil: un valor
pedido a un carril que no participa es el patrón 0xFF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from urdimbre.sim.events import WARP
from urdimbre.sim.memory.spaces import poison

LANE = np.arange(WARP, dtype=np.int64).reshape(1, 1, WARP)
BIT = np.left_shift(np.uint64(1), LANE.astype(np.uint64))


def meet(run: Any, m: Any, bits: Any, line: int) -> np.ndarray:
    """Carriles activos que nombra la máscara ``bits``; anuncia la reunión a quien observe."""
    named = (bits >> LANE) & 1 != 0
    arrived = np.broadcast_to(m, run.shape)
    for group, mask in _groups(arrived, bits):
        run.warp_barrier(line, group, (mask >> LANE) & 1 != 0)
    return arrived & named


def _groups(arrived: np.ndarray, bits: Any) -> Iterator[tuple[np.ndarray, Any]]:
    """Los carriles que llegan con la misma máscara, y cuál: una llamada puede llevar varias."""
    if np.ndim(bits) < 3 or bits.shape[2] == 1 or (bits == bits[..., :1]).all():
        yield arrived, bits if np.ndim(bits) < 3 else bits[..., :1]
        return
    left = arrived
    while left.any():
        leader = left.argmax(axis=2)[..., None]
        mask = np.take_along_axis(np.broadcast_to(bits, left.shape), leader, axis=2)
        group = left & (bits == mask)
        yield group, mask
        left = left & ~group


def _ballot(run: Any, lanes: np.ndarray) -> Any:
    """Una máscara de 32 bits por warp."""
    return (lanes * BIT).sum(axis=2, keepdims=True, dtype=np.uint64).astype(np.uint32)


def _shuffle(source: Callable[[Any], Any]) -> Callable[..., Any]:
    """``source(k)`` dice de qué carril lee cada uno; fuera de 0..31, del propio."""

    def run_shuffle(run: Any, m: Any, line: int, bits: Any, value: Any, k: Any) -> Any:
        present = meet(run, m, bits, line)
        full = np.broadcast_to(value, run.shape)
        lane = np.broadcast_to(source(k), run.shape)
        lane = np.where((lane < 0) | (lane >= WARP), LANE, lane)
        out = np.take_along_axis(full, lane, axis=2)
        seen = np.take_along_axis(present, lane, axis=2)
        return out if seen.all() else np.where(seen, out, poison((1,), full.dtype)[0])

    return run_shuffle


def _vote(count: Callable[[np.ndarray, np.ndarray], Any]) -> Callable[..., Any]:
    """``count(sí, participan)`` decide por warp."""

    def run_vote(run: Any, m: Any, line: int, bits: Any, test: Any) -> Any:
        present = meet(run, m, bits, line)
        return count(present & np.broadcast_to(test, run.shape), present)

    return run_vote


def _warp_any(a: np.ndarray) -> np.ndarray:
    return a.any(axis=2, keepdims=True)


def _vote_ballot(run: Any, m: Any, line: int, bits: Any, test: Any) -> Any:
    present = meet(run, m, bits, line)
    return _ballot(run, present & np.broadcast_to(test, run.shape)).astype(np.int32)


def _match_any(run: Any, m: Any, line: int, bits: Any, value: Any) -> Any:
    present = meet(run, m, bits, line)
    full = np.broadcast_to(value, run.shape)
    same = (full[..., None, :] == full[..., :, None]) & present[..., None, :]
    return (same * BIT[0, 0]).sum(axis=3, dtype=np.uint64).astype(np.uint32).astype(np.int32)


def _match_all(run: Any, m: Any, line: int, bits: Any, value: Any) -> Any:
    present = meet(run, m, bits, line)
    full = np.broadcast_to(value, run.shape)
    first = np.take_along_axis(full, present.argmax(axis=2)[..., None], axis=2)
    agree = ~_warp_any(present & (full != first))
    return np.where(agree, _ballot(run, present), 0).astype(np.int32), agree


def _active(run: Any, m: Any, line: int) -> Any:
    return _ballot(run, np.broadcast_to(m, run.shape))


def _lower_lanes(run: Any, m: Any, line: int) -> Any:
    return (BIT - np.uint64(1)).astype(np.uint32)


def _sync(run: Any, m: Any, line: int, bits: Any) -> None:
    meet(run, m, bits, line)


def _block_vote(decide: Callable[[np.ndarray, np.ndarray], Any]) -> Callable[..., Any]:
    """``syncthreads_count`` y compañía: barrera del bloque y cuenta entre sus hilos."""

    def run_vote(run: Any, m: Any, line: int, value: Any) -> Any:
        run.barrier(line, m)
        active = np.broadcast_to(m, run.shape)
        yes = active & (np.broadcast_to(value, run.shape) != 0)
        return decide(yes, active).astype(np.int32)

    return run_vote


AXES = (1, 2)
WARP_OPS: dict[str, Callable[..., Any]] = {
    "shfl_sync": _shuffle(lambda k: k & (WARP - 1)),
    "shfl_up_sync": _shuffle(lambda k: LANE - k),
    "shfl_down_sync": _shuffle(lambda k: LANE + k),
    "shfl_xor_sync": _shuffle(lambda k: LANE ^ k),
    "any_sync": _vote(lambda yes, all_: _warp_any(yes)),
    "all_sync": _vote(lambda yes, all_: ~_warp_any(all_ & ~yes)),
    "eq_sync": _vote(lambda yes, all_: ~_warp_any(all_ & ~yes) | ~_warp_any(yes)),
    "ballot_sync": _vote_ballot,
    "match_any_sync": _match_any,
    "match_all_sync": _match_all,
    "activemask": _active,
    "lanemask_lt": _lower_lanes,
    "syncwarp": _sync,
    "syncthreads_count": _block_vote(lambda yes, all_: yes.sum(axis=AXES, keepdims=True)),
    "syncthreads_and": _block_vote(lambda yes, all_: ~(all_ & ~yes).any(axis=AXES, keepdims=True)),
    "syncthreads_or": _block_vote(lambda yes, all_: yes.any(axis=AXES, keepdims=True)),
    "threadfence": lambda run, m, line: None,
    "threadfence_block": lambda run, m, line: None,
    "threadfence_system": lambda run, m, line: None,
    "nanosleep": lambda run, m, line, ns: None,
}
