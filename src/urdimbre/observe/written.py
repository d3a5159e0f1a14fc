"""Qué bytes de una asignación ya se escribieron: una tabla que crece solo si hace falta."""

from __future__ import annotations

import numpy as np

from urdimbre.observe.lanes import grid3

WORD = 8  # la marca se mira de a 8 bytes como mucho
_MARK = {n: np.frombuffer(b"\x01" * n, f"u{n}")[0] for n in (1, 2, 4, 8)}


class Written:
    """Los bytes escritos de un arreglo compartido, local o global.

    Los accesos iguales en todos los bloques (o warps, o carriles) comparten fila; un eje se
    expande cuando una escritura deja de ser igual en él.

    Args:
        nbytes: bytes de la asignación.
        axes: ejes de ``(B, W, 32)`` en que la memoria es propia: ``(0,)`` si es de cada bloque,
            ``(0, 1, 2)`` si es de cada hilo y ``()`` si es de todos.
    """

    def __init__(self, nbytes: int, axes: tuple[int, ...]) -> None:
        self.axes = axes
        self._table = np.zeros((1, 1, 1, -(-nbytes // WORD) * WORD), np.uint8)
        self._table[..., nbytes:] = 1
        self._complete = False

    @property
    def complete(self) -> bool:
        """Si ya no queda nada sin escribir; desde ahí no hay nada que mirar."""
        if not self._complete and self._table.all():
            self._complete, self._table = True, self._table[:1, :1, :1, :1]
        return self._complete

    def mark(
        self, start: np.ndarray, size: int, mask: np.ndarray | None, shape: tuple[int, int, int]
    ) -> None:
        """Anota una escritura de ``size`` bytes desde ``start`` en los carriles de ``mask``."""
        if self._complete:
            return
        self._expand(start, mask, shape)
        for keys, words, mark in self._pieces(start, size):
            if mask is None:
                words[keys] = mark
            else:
                full = np.broadcast_shapes(keys.shape, mask.shape)
                words[np.broadcast_to(keys, full)[np.broadcast_to(mask, full)]] = mark

    def missing(self, start: np.ndarray, size: int, mask: np.ndarray | None) -> np.ndarray | None:
        """Carriles que leen algún byte sin escribir, difundibles; ``None`` si no hay."""
        if self.complete:
            return None
        safe = start if mask is None else np.where(mask, start, 0)
        bad = np.zeros((1, 1, 1), bool)
        for keys, words, mark in self._pieces(safe, size):
            bad = bad | (words[keys] != mark)
        bad = bad if mask is None else bad & mask
        return bad if bad.any() else None

    def _pieces(self, start: np.ndarray, size: int):
        """``(claves, tabla, marca)`` de cada trozo del acceso, tan ancho como se pueda."""
        used = int(np.bitwise_or.reduce(start, axis=None)) | size | WORD
        width = used & -used
        blocks, warps, lanes, columns = self._table.shape
        row = np.arange(blocks * warps * lanes, dtype=np.int64).reshape(blocks, warps, lanes)
        first = (row * columns + start) // width
        words = self._table.reshape(-1).view(f"u{width}")
        for k in range(size // width):
            yield first + k, words, _MARK[width]

    def _expand(self, start: np.ndarray, mask: np.ndarray | None, shape: tuple) -> None:
        """Una fila por bloque, warp o carril en los ejes donde la escritura varía."""
        for axis in self.axes:
            varies = start.shape[axis] > 1 or (mask is not None and mask.shape[axis] > 1)
            if varies and self._table.shape[axis] == 1:
                self._table = np.repeat(self._table, shape[axis], axis=axis)


def offsets(address: np.ndarray, base: int) -> np.ndarray:
    """Bytes desde el comienzo de la asignación, en tres dimensiones."""
    return grid3(address) - base
