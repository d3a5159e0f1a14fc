"""Reuniones de warp que se completan por partes, cada parte en su línea.

Desde Volta, ``syncwarp`` espera a los carriles que nombra la máscara aunque lleguen por otra línea:
un ``syncwarp()`` en cada rama de un ``if`` es una sola reunión. Aquí las ramas corren una tras
otra, así que la primera parte se apunta y la siguiente con la misma máscara la completa. Lo que
nadie completa se informa al final de la tanda.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(eq=False)
class Meeting:
    """Una reunión a medias.

    Attributes:
        number: cuál es, desde 1.
        line: dónde llegaron los primeros.
        named: bool ``(B, W, 32)``, los carriles que nombra la máscara.
        arrived: bool ``(B, W, 32)``, los que ya llegaron.
        open: bool ``(B, W, 1)``, los warps donde todavía falta alguien.
    """

    number: int
    line: int
    named: np.ndarray
    arrived: np.ndarray
    open: np.ndarray

    def fits(self, arrived: np.ndarray, named: np.ndarray) -> np.ndarray:
        """Warps donde los que llegan pueden ser los que faltaban: bool ``(B, W, 1)``."""
        again = (arrived & self.arrived).any(axis=2, keepdims=True)
        return self.open & ~again & (named == self.named).all(axis=2, keepdims=True)

    def join(self, warps: np.ndarray, arrived: np.ndarray, missing: np.ndarray) -> None:
        """Llega otra parte en esos warps; se cierran donde ya no falta nadie."""
        self.arrived = self.arrived | (arrived & warps)
        complete = ~(missing & ~self.arrived).any(axis=2, keepdims=True)
        self.open = self.open & ~(warps & complete)


class Meetings:
    """Las reuniones a medias de una tanda, en orden."""

    def __init__(self) -> None:
        self.pending: list[Meeting] = []
        self._made = 0

    def arrive(
        self, line: int, arrived: np.ndarray, named: Any, missing: np.ndarray
    ) -> list[tuple[int, Any]]:
        """Llegan ``arrived``, y en su warp faltan ``missing``, bool ``(B, W, 32)``.

        Returns:
            Parejas ``(número, warps)``: la reunión que comienzan o completan los warps de esa
            máscara, difundible a ``(B, W, 32)``; 0 si en ellos no falta nadie.
        """
        left = missing.any(axis=2, keepdims=True)
        if not left.any():
            return [(0, True)]
        named = np.broadcast_to(named, arrived.shape)
        parts = [(0, ~left)] if (arrived & ~left).any() else []
        for meeting in self.pending:
            fits = left & meeting.fits(arrived, named)
            if fits.any():
                meeting.join(fits, arrived, missing)
                parts.append((meeting.number, fits))
                left = left & ~fits
        if left.any():
            parts.append((self._begin(line, arrived, named, left), left))
        return parts

    def _begin(self, line: int, arrived: np.ndarray, named: np.ndarray, warps: np.ndarray) -> int:
        self._made += 1
        self.pending.append(Meeting(self._made, line, named, arrived & warps, warps))
        return self._made

    def stuck(self, exited: Any) -> list[Meeting]:
        """Las que nadie completó, sin contar a quien terminó con ``return``."""
        found = []
        for meeting in self.pending:
            absent = meeting.named & ~meeting.arrived & ~np.asarray(exited) & meeting.open
            if absent.any():
                found.append(meeting)
        return found
