"""Quién ejecuta cada línea: las veces que cada carril la recorre, para ver la divergencia."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from urdimbre.observe.lanes import active
from urdimbre.sim.events import WARP, Branch, Lanes, LaunchInfo, Step


@dataclass(eq=False)
class LineActivity:
    """Lo que se ejecutó de una línea, sumado sobre los bloques.

    Attributes:
        lanes: int64 ``(W, 32)``, veces que la ejecutó cada carril de cada warp.
        warps: int64 ``(W,)``, veces que la ejecutó cada warp, con algún carril.
    """

    lanes: np.ndarray
    warps: np.ndarray

    @property
    def by_lane(self) -> np.ndarray:
        """Fracción de las veces en que cada carril estaba activo: float64 ``(32,)``."""
        return self.lanes.sum(axis=0) / max(1, int(self.warps.sum()))

    @property
    def by_warp(self) -> np.ndarray:
        """Carriles activos por vez en cada warp, de 0.0 a 32.0; NaN si no la ejecutó."""
        times = np.where(self.warps > 0, self.warps, 1)
        return np.where(self.warps > 0, self.lanes.sum(axis=1) / times, np.nan)


class Activity:
    """Observador que anota, por lugar del código, qué carriles lo ejecutan.

    Attributes:
        by_place: una ``LineActivity`` por lugar (véase ``Line``).
        launch: el último lanzamiento; si cambia la forma del bloque, se comienza de nuevo.
    """

    def __init__(self) -> None:
        self.by_place: dict[int, LineActivity] = {}
        self.launch: LaunchInfo | None = None

    def begin(self, launch: LaunchInfo) -> None:
        """Recuerda el lanzamiento."""
        if self.launch and self.launch.block != launch.block:
            self.by_place.clear()
        self.launch = launch

    def on_step(self, event: Step) -> None:
        """Una instrucción."""
        self._note(event.line, event.mask, event.lanes)

    def on_branch(self, event: Branch) -> None:
        """Una decisión."""
        self._note(event.line, event.mask, event.lanes)

    def _note(self, line: int, mask: object, lanes: Lanes) -> None:
        blocks, warps, _ = lanes.shape
        found = self.by_place.get(line)
        if found is None:
            zeros = np.zeros((warps, WARP), np.int64)
            found = self.by_place[line] = LineActivity(zeros, np.zeros(warps, np.int64))
        on = active(mask, lanes)
        if on is None:
            found.lanes += blocks
            found.warps += blocks
            return
        full = np.broadcast_to(on, (len(on), warps, WARP))
        repeats = blocks // len(on)
        found.lanes += full.sum(axis=0) * repeats
        found.warps += full.any(axis=2).sum(axis=0) * repeats
