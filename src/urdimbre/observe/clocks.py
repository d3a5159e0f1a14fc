"""Relojes de los carriles: quién sabe que otro ya terminó algo, por las sincronizaciones.

Cada carril tiene una época, que avanza cuando se sincroniza. Un acceso viejo está ordenado antes
que uno nuevo si el carril nuevo sabe de una época posterior a la del viejo. Mientras los warps se
reúnan enteros basta una época por warp; con máscaras parciales se guarda además lo que cada
carril sabe de cada otro carril de su warp (un reloj vectorial).
"""

from __future__ import annotations

import numpy as np

from urdimbre.sim.events import WARP, Lanes

_SELF = np.eye(WARP, dtype=np.int64)


class Clocks:
    """Las épocas de una tanda.

    Attributes:
        epoch: int64 ``(B o 1, W o 1, 32 o 1)``, la época de cada carril.
        floor: int64 ``(B o 1, 1, 1)``, la época en que comenzó la fase de cada bloque.
        seen: ``None`` mientras los warps se reúnan enteros; si no, int64 ``(B o 1, W, 32, 32)``:
            de qué épocas del carril ``j`` (anteriores a ese número) sabe el carril ``i``.
        used: si hubo alguna sincronización; ``warps``, si alguna fue de un warp.
    """

    def __init__(self) -> None:
        self.epoch = np.zeros((1, 1, 1), np.int64)
        self.floor = self.epoch
        self.seen: np.ndarray | None = None
        self.used = self.warps = False

    def meet_blocks(self, arrived: np.ndarray) -> None:
        """Una barrera en los bloques ``arrived``, bool ``(B o 1,)``: todos saben todo."""
        arrived = arrived.reshape(-1, 1, 1)
        top = self.epoch.max(axis=(1, 2), keepdims=True) + 1
        self.epoch = np.where(arrived, top, self.epoch)
        self.floor = np.where(arrived, top, self.floor)
        if self.seen is not None:
            self.seen = np.where(arrived[..., None], top[..., None], self.seen)
        self.used = True

    def meet_warps(self, present: np.ndarray, whole: np.ndarray, lanes: Lanes) -> None:
        """Se reúnen los carriles ``present``; ``whole`` dice en qué warps no falta nadie."""
        if self.seen is None and np.array_equal(present.any(axis=2, keepdims=True), whole):
            self.epoch = self.epoch + whole
        else:
            self._share(present, lanes)
        self.used = self.warps = True

    def _share(self, present: np.ndarray, lanes: Lanes) -> None:
        """Los presentes juntan lo que saben, y saben también de lo hecho por los demás."""
        epoch = np.broadcast_to(self.epoch, (len(self.epoch), *lanes.shape[1:]))
        seen = self.seen
        if seen is None:
            seen = np.broadcast_to(epoch[..., None, :], (*epoch.shape, WARP))
        own = np.maximum(seen, _SELF * (epoch[..., None] + 1))
        known = np.where(present[..., None], own, 0).max(axis=2, keepdims=True)
        self.seen = np.where(present[..., None], np.maximum(seen, known), seen)
        self.epoch = np.where(present, epoch + 1, epoch)

    def known(self, row: np.ndarray, old: np.ndarray, new: np.ndarray) -> np.ndarray:
        """Desde qué época de ``old`` no sabe nada ``new``; dos hilos lineales del mismo warp."""
        if self.seen is not None:
            row = row % len(self.seen)
            return self.seen[row, new // WARP, new % WARP, old % WARP]
        row, warp = row % len(self.epoch), new // WARP % self.epoch.shape[1]
        return self.epoch[row, warp, 0]
