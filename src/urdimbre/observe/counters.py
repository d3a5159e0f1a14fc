"""Contadores de acceso: las cuentas que daría un *profiler*, por línea y en total."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import numpy as np

from urdimbre.observe import transactions
from urdimbre.observe.lanes import active, active_count, grid3, spread
from urdimbre.observe.tally import SECTOR_BYTES, Tally
from urdimbre.sim.events import (
    WARP,
    Access,
    Barrier,
    Branch,
    Lanes,
    LaunchInfo,
    Op,
    Step,
)


class Counters:
    """Observador que cuenta peticiones, sectores, frentes de onda, barreras y decisiones.

    Attributes:
        by_place: una ``Tally`` por lugar del código: la línea 3 de una celda y la 3 de otra son
            dos (véase ``Line``).
        launch: el último ``LaunchInfo``, para citar el código.
    """

    def __init__(self) -> None:
        self.launch: LaunchInfo | None = None
        self.by_place: dict[int, Tally] = defaultdict(Tally)
        self._blocks = 0

    def begin(self, launch: LaunchInfo) -> None:
        """Recuerda el lanzamiento."""
        self.launch = launch
        self._blocks += math.prod(launch.grid)

    @property
    def by_line(self) -> dict[int, Tally]:
        """Las cuentas de cada línea del archivo o de la celda del último kernel."""
        here = {int(n): tally for n, tally in self.by_place.items() if self._is_here(n)}
        return defaultdict(Tally, here)

    @property
    def elsewhere(self) -> dict[int, Tally]:
        """Las de otros archivos o celdas: funciones de dispositivo, u otros kernels."""
        return {n: tally for n, tally in self.by_place.items() if not self._is_here(n)}

    @property
    def total(self) -> Tally:
        """La suma de todas las líneas."""
        result = Tally(blocks=self._blocks)
        for tally in self.by_place.values():
            result.merge(tally)
        return result

    def _is_here(self, line: int) -> bool:
        origin = getattr(line, "origin", None)
        return origin is None or self.launch is None or origin == self.launch.origin

    def on_access(self, event: Access) -> None:
        """Cuenta un acceso según su clase y su memoria; las constantes no entran."""
        count = _RULES.get((event.array.space, event.kind))
        if count is None:
            return
        tally, (address, mask, repeats) = self.by_place[event.line], _warps(event)
        lanes, warps = _lanes_and_warps(address, mask)
        if event.array.space != "local":  # casi siempre son registros
            tally.warp_steps += warps * repeats
            tally.active_lanes += lanes * repeats
        count(tally, event, address, mask, repeats)

    def on_barrier(self, event: Barrier) -> None:
        """Cuenta los bloques que llegan a una barrera, o los warps que llegan a una reunión."""
        if event.kind == "syncwarp":
            self.by_place[event.line].warp_syncs += _who(event)[1]
            return
        mask, blocks = active(event.mask, event.lanes), event.lanes.shape[0]
        if mask is not None:
            arrived = mask.any(axis=(1, 2))
            blocks = int(np.count_nonzero(arrived)) * (blocks // len(arrived))
        self.by_place[event.line].barriers += blocks

    def on_branch(self, event: Branch) -> None:
        """Cuenta los warps que deciden, y los que se dividen."""
        tally, (lanes, warps) = self.by_place[event.line], _who(event)
        mask = active(event.mask, event.lanes)
        tally.branches += warps
        tally.warp_steps += warps
        tally.active_lanes += lanes
        tally.warp_instructions += warps
        tally.thread_instructions += lanes
        tally.divergent_branches += _repeated(_split(mask, grid3(event.taken)), event.lanes)

    def on_step(self, event: Step) -> None:
        """Cuenta los warps y los carriles que ejecutan una instrucción."""
        tally, (lanes, warps) = self.by_place[event.line], _who(event)
        tally.warp_instructions += warps
        tally.thread_instructions += lanes

    def on_op(self, event: Op) -> None:
        """Cuenta las operaciones de flotantes de los carriles activos."""
        if event.flops:
            amount = active_count(event.mask, event.lanes) * event.flops
            _add(self.by_place[event.line], _FLOP[event.dtype.itemsize], amount)


def _who(event: Barrier | Branch | Step) -> tuple[int, int]:
    """Cuántos carriles participan, y de cuántos warps."""
    mask, (blocks, warps, _) = active(event.mask, event.lanes), event.lanes.shape
    if mask is None:
        return blocks * warps * WARP, blocks * warps
    full = np.broadcast_to(mask, (*mask.shape[:2], WARP))
    lanes, some = full.sum(axis=2), full.any(axis=2)
    return _repeated(lanes, event.lanes), _repeated(some, event.lanes)


def _split(mask: np.ndarray | None, taken: np.ndarray) -> np.ndarray:
    """Warps donde unos carriles activos siguen la rama y otros no."""
    if taken.shape[2] == 1:
        return np.zeros((1, 1), bool)
    if mask is None:
        return taken.any(axis=2) & ~taken.all(axis=2)
    return (mask & taken).any(axis=2) & (mask & ~taken).any(axis=2)


def _repeated(per_warp: np.ndarray, lanes: Lanes) -> int:
    """La suma sobre todos los warps de algo que quizá se difunde."""
    blocks, warps, _ = lanes.shape
    repeats = (blocks // per_warp.shape[0]) * (warps // per_warp.shape[1])
    return int(per_warp.sum()) * repeats


def _warps(event: Access) -> tuple[np.ndarray, np.ndarray | None, int]:
    """Direcciones y máscara como ``(filas, 32)``, y cuántas veces se repite cada fila."""
    address, mask = grid3(event.address), active(event.mask, event.lanes)
    shape = address.shape if mask is None else np.broadcast_shapes(address.shape, mask.shape)
    full = (shape[0], shape[1], WARP)
    repeats = (event.lanes.shape[0] // full[0]) * (event.lanes.shape[1] // full[1])
    if mask is not None:
        mask = spread(mask, full).reshape(-1, WARP)
    return spread(address, full).reshape(-1, WARP), mask, repeats


def _lanes_and_warps(address: np.ndarray, mask: np.ndarray | None) -> tuple[int, int]:
    if mask is None:
        return address.size, len(address)
    return int(np.count_nonzero(mask)), int(np.count_nonzero(mask.any(axis=1)))


def _global(kind: str) -> Any:
    requests, sectors, ideal, asked, unique = (
        f"global_{kind}_{n}" for n in ("requests", "sectors", "ideal", "bytes", "distinct")
    )

    def count(tally: Tally, event: Access, address, mask, repeats: int) -> None:
        lanes, warps = _lanes_and_warps(address, mask)
        touched = int(transactions.sectors(address, mask, event.size).sum())
        _add(tally, requests, warps * repeats)
        _add(tally, sectors, touched * repeats)
        _add(tally, ideal, _ideal(mask, lanes, event.size) * repeats)
        _add(tally, asked, lanes * event.size * repeats)
        different = int(transactions.distinct(address, mask).sum())
        _add(tally, unique, different * event.size * repeats)

    return count


def _ideal(mask: np.ndarray | None, lanes: int, size: int) -> int:
    """Sectores si los carriles activos de cada warp pidieran datos seguidos."""
    if mask is None:
        return lanes // WARP * -(-WARP * size // SECTOR_BYTES)
    return int((-(-np.count_nonzero(mask, axis=1) * size // SECTOR_BYTES)).sum())


def _shared(kind: str) -> Any:
    requests, spent_name, ideal_name = (
        f"shared_{kind}_{n}" for n in ("requests", "wavefronts", "ideal")
    )

    def count(tally: Tally, event: Access, address, mask, repeats: int) -> None:
        _, warps = _lanes_and_warps(address, mask)
        merges = kind == "load"
        spent, ideal = transactions.wavefronts(address, mask, event.size, merges)
        _add(tally, requests, warps * repeats)
        _add(tally, spent_name, int(spent.sum()) * repeats)
        _add(tally, ideal_name, int(ideal.sum()) * repeats)

    return count


def _local(kind: str) -> Any:
    requests, sectors = f"local_{kind}_requests", f"local_{kind}_sectors"

    def count(tally: Tally, event: Access, address, mask, repeats: int) -> None:
        _, warps = _lanes_and_warps(address, mask)
        start = address - event.array.allocation[0]
        touched = int(transactions.local_sectors(start, mask, event.size).sum())
        _add(tally, requests, warps * repeats)
        _add(tally, sectors, touched * repeats)

    return count


def _shared_atomic(tally: Tally, event: Access, address, mask, repeats: int) -> None:
    _, warps = _lanes_and_warps(address, mask)
    spent = transactions.atomic_wavefronts(address, mask, event.size)
    tally.shared_atomic_requests += warps * repeats
    tally.shared_atomic_wavefronts += int(spent.sum()) * repeats
    _atomic(tally, event, address, mask, repeats)


def _atomic(tally: Tally, event: Access, address, mask, repeats: int) -> None:
    lanes, warps = _lanes_and_warps(address, mask)
    deepest = transactions.contention(address, mask)
    tally.atomic_requests += warps * repeats
    tally.atomic_lanes += lanes * repeats
    tally.atomic_passes += int(deepest.sum()) * repeats
    tally.atomic_max_lanes = max(tally.atomic_max_lanes, int(deepest.max(initial=0)))


def _add(tally: Tally, name: str, amount: int) -> None:
    setattr(tally, name, getattr(tally, name) + amount)


_FLOP = {2: "flop_half", 4: "flop_single", 8: "flop_double"}

_RULES = {
    ("global", "load"): _global("load"),
    ("global", "store"): _global("store"),
    ("global", "atomic"): _atomic,
    ("shared", "load"): _shared("load"),
    ("shared", "store"): _shared("store"),
    ("shared", "atomic"): _shared_atomic,
    ("local", "load"): _local("load"),
    ("local", "store"): _local("store"),
}
