"""Qué hilos ordena una sincronización, en la memoria compartida y en la global."""

from __future__ import annotations

import numpy as np

from urdimbre.observe.lanes import active, grid3
from urdimbre.observe.shadow import Layout, Shadow
from urdimbre.sim.events import WARP, Barrier, Lanes

BLOCK_BITS = 10  # un bloque tiene 1024 hilos como mucho


class BlockOrder:
    """Memoria compartida: cada bloque la suya, y una barrera comienza otra fase.

    La época de un hilo cuenta los ``syncwarp`` de su warp.
    """

    layout = Layout(epoch_bits=20, site_bits=20, group_bits=5)

    def __init__(self) -> None:
        self.shadows: dict[int, Shadow] = {}
        self.epoch: np.ndarray | int = 0

    def begin(self) -> None:
        """Otro lanzamiento."""

    def begin_chunk(self) -> None:
        """Bloques nuevos: memoria compartida nueva."""
        self.shadows.clear()
        self.epoch = 0

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

    def on_barrier(self, event: Barrier) -> None:
        """Otra fase en los bloques donde llega algún hilo, u otra época en los warps enteros."""
        if event.kind == "syncwarp":
            self._advance(event)
            return
        arrived = _arrived(event)
        for shadow in self.shadows.values():
            if arrived.all():
                shadow.clear()
            elif arrived.any():
                shadow.expand(event.lanes.shape[0])
                shadow.clear(np.broadcast_to(arrived, (shadow.rows,)))

    def _advance(self, event: Barrier) -> None:
        """A un warp entero no le falta ningún hilo vivo."""
        base = event.lanes.base_mask
        present = grid3(event.mask) | grid3(event.exited) | ~grid3(base)
        self.epoch = self.epoch + present.all(axis=2, keepdims=True).astype(np.int64)


class GridOrder:
    """Memoria global: la comparten todos los bloques, y entre bloques nada ordena.

    La época de un hilo cuenta las barreras de su bloque. Un ``syncwarp`` no se mira todavía.
    """

    layout = Layout(epoch_bits=16, site_bits=12, group_bits=BLOCK_BITS)

    def __init__(self) -> None:
        self.shadows: dict[int, Shadow] = {}
        self.epoch: np.ndarray | int = 0

    def begin(self) -> None:
        """Otro lanzamiento: todo lo anterior ya terminó."""
        self.shadows.clear()

    def begin_chunk(self) -> None:
        """Bloques nuevos, que también pueden chocar con los de antes."""
        self.epoch = 0

    def threads(self, lanes: Lanes) -> np.ndarray:
        """``bloque << BLOCK_BITS | hilo`` en toda la malla: ``(B, W, 32)``."""
        blocks = np.arange(lanes.shape[0], dtype=np.int64) + lanes.first_block
        return (blocks[:, None, None] << BLOCK_BITS) | _threads(lanes)

    def rows(self, shadow: Shadow, lanes: Lanes, varies: bool) -> tuple[int, int]:
        """Todos los bloques, uno por uno."""
        return lanes.shape[0], 1

    def place(self, row: int, thread: int, lanes: Lanes) -> tuple[int, int]:
        """Bloque, contado desde el primero de la tanda, e hilo del bloque."""
        return (thread >> BLOCK_BITS) - lanes.first_block, thread & ((1 << BLOCK_BITS) - 1)

    def on_barrier(self, event: Barrier) -> None:
        """Otra época en los bloques donde llega algún hilo."""
        if event.kind != "syncwarp":
            self.epoch = self.epoch + _arrived(event).astype(np.int64)[:, None, None]


ORDERS = {"shared": BlockOrder, "global": GridOrder}


def _threads(lanes: Lanes) -> np.ndarray:
    warps = lanes.shape[1]
    return np.arange(warps * WARP, dtype=np.int64).reshape(1, warps, WARP)


def _arrived(event: Barrier) -> np.ndarray:
    """Bloques donde llega algún hilo: bool ``(B,)`` o ``(1,)``."""
    mask = active(event.mask, event.lanes)
    return np.ones(1, bool) if mask is None else mask.any(axis=(1, 2))
