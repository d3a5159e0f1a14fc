"""Qué hilos ordena una sincronización, en la memoria compartida y en la global."""

from __future__ import annotations

import numpy as np

from urdimbre.observe.clocks import Clocks
from urdimbre.observe.lanes import active, grid3
from urdimbre.observe.shadow import Layout, Ordered, Shadow
from urdimbre.observe.warp_meetings import met
from urdimbre.sim.events import WARP, Barrier, Lanes

BLOCK_BITS, WARP_BITS = 10, 5  # un bloque tiene 1024 hilos como mucho; un warp, 32
GRID_BITS = 21  # bloques que caben en un código; más allá se repiten, y solo se pierden choques


class BlockOrder:
    """Memoria compartida: cada bloque la suya, y una barrera comienza otra fase.

    Dentro de una fase solo ordenan las reuniones del warp.
    """

    layout = Layout(epoch_bits=20, site_bits=20)

    def __init__(self) -> None:
        self.shadows: dict[int, Shadow] = {}
        self.clocks = Clocks()

    def begin(self) -> None:
        """Otro lanzamiento."""

    def begin_chunk(self) -> None:
        """Bloques nuevos: memoria compartida nueva."""
        self.shadows.clear()
        self.clocks = Clocks()

    def threads(self, lanes: Lanes) -> np.ndarray:
        """Hilo lineal dentro del bloque: ``(1, W, 32)``."""
        return _threads(lanes)

    def rows(self, shadow: Shadow, lanes: Lanes, varies: bool) -> tuple[int, int]:
        """Filas de carriles que hay que mirar, y bloques que representa cada una."""
        if varies:
            shadow.expand(lanes.shape[0])
        return shadow.rows, lanes.shape[0] // shadow.rows

    def place(self, row: int, thread: int, lanes: Lanes) -> tuple[int, int]:
        """Bloque de la tanda e hilo del bloque."""
        return row, thread

    def ordered(self, shadow: Shadow, lanes: Lanes) -> Ordered | None:
        """Dice qué accesos ya están ordenados; ``None`` si nadie se reunió todavía."""
        if not self.clocks.used:
            return None
        layout, clocks = self.layout, self.clocks

        def ordered(old: np.ndarray, new: np.ndarray, keys: np.ndarray) -> np.ndarray:
            if clocks.seen is None:
                return layout.regrouped(old, new, WARP_BITS)
            same = layout.together(old, new, WARP_BITS)
            known = clocks.known(keys // shadow.columns, *layout.threads(old, new))
            return same & (layout.epoch(old) < known)

        return ordered

    def on_barrier(self, event: Barrier) -> None:
        """Otra fase en los bloques donde llega algún hilo, o una reunión de carriles."""
        if event.kind == "syncwarp":
            _meet(self.clocks, event)
            return
        arrived = _arrived(event)
        for shadow in self.shadows.values():
            if arrived.all():
                shadow.clear()
            elif arrived.any():
                shadow.expand(event.lanes.shape[0])
                shadow.clear(np.broadcast_to(arrived, (shadow.rows,)))


class GridOrder:
    """Memoria global: la comparten todos los bloques, y entre bloques nada ordena."""

    layout = Layout(epoch_bits=20, site_bits=12)

    def __init__(self) -> None:
        self.shadows: dict[int, Shadow] = {}
        self.clocks = Clocks()

    def begin(self) -> None:
        """Otro lanzamiento: todo lo anterior ya terminó."""
        self.shadows.clear()

    def begin_chunk(self) -> None:
        """Bloques nuevos, que también pueden chocar con los de antes."""
        self.clocks = Clocks()

    def threads(self, lanes: Lanes) -> np.ndarray:
        """``bloque << BLOCK_BITS | hilo`` en toda la malla: ``(B, W, 32)``."""
        blocks = np.arange(lanes.shape[0], dtype=np.int64) + lanes.first_block
        return (blocks[:, None, None] % (1 << GRID_BITS) << BLOCK_BITS) | _threads(lanes)

    def rows(self, shadow: Shadow, lanes: Lanes, varies: bool) -> tuple[int, int]:
        """Todos los bloques, uno por uno."""
        return lanes.shape[0], 1

    def place(self, row: int, thread: int, lanes: Lanes) -> tuple[int, int]:
        """Bloque, contado desde el primero de la tanda, e hilo del bloque."""
        return (thread >> BLOCK_BITS) - lanes.first_block, thread & ((1 << BLOCK_BITS) - 1)

    def ordered(self, shadow: Shadow, lanes: Lanes) -> Ordered | None:
        """Como en ``BlockOrder``; una barrera ordena además los warps de su bloque."""
        if not self.clocks.used:
            return None
        return self._by_warp(lanes) if self.clocks.warps else self._by_block

    def _by_block(self, old: np.ndarray, new: np.ndarray, keys: np.ndarray) -> np.ndarray:
        return self.layout.regrouped(old, new, BLOCK_BITS)

    def _by_warp(self, lanes: Lanes) -> Ordered:
        layout, clocks = self.layout, self.clocks

        def ordered(old: np.ndarray, new: np.ndarray, keys: np.ndarray) -> np.ndarray:
            before, after = layout.threads(old, new)
            row, inside = (after >> BLOCK_BITS) - lanes.first_block, (1 << BLOCK_BITS) - 1
            known = clocks.known(row, before & inside, after & inside)
            floor = clocks.floor[row % len(clocks.floor), 0, 0]
            known = np.where(layout.together(old, new, WARP_BITS), known, floor)
            return layout.together(old, new, BLOCK_BITS) & (layout.epoch(old) < known)

        return ordered

    def on_barrier(self, event: Barrier) -> None:
        """Otra época en los bloques donde llega algún hilo, o una reunión de carriles."""
        if event.kind == "syncwarp":
            _meet(self.clocks, event)
        elif event.kind == "grid":  # ordena todos los bloques: lo anterior ya no puede chocar
            self.shadows.clear()
        else:
            self.clocks.meet_blocks(_arrived(event))


ORDERS = {"shared": BlockOrder, "global": GridOrder}


def _threads(lanes: Lanes) -> np.ndarray:
    warps = lanes.shape[1]
    return np.arange(warps * WARP, dtype=np.int64).reshape(1, warps, WARP)


def _meet(clocks: Clocks, event: Barrier) -> None:
    """Se reúnen los que llegan y los nombrados que ya terminaron; quien no existe no falta."""
    lanes = event.lanes
    present = met(event) | (grid3(event.exited) & grid3(event.named) & grid3(lanes.base_mask))
    whole = (present | ~grid3(lanes.base_mask)).all(axis=2, keepdims=True)
    clocks.meet_warps(present, whole, lanes)


def _arrived(event: Barrier) -> np.ndarray:
    """Bloques donde llega algún hilo: bool ``(B,)`` o ``(1,)``."""
    mask = active(event.mask, event.lanes)
    return np.ones(1, bool) if mask is None else mask.any(axis=(1, 2))
