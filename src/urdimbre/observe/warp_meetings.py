"""Quién falta y quién sobra cuando los carriles de un warp se reúnen."""

from __future__ import annotations

import numpy as np

from urdimbre.observe.lanes import grid3
from urdimbre.sim.events import Barrier


def stranded(event: Barrier) -> list[tuple[str, np.ndarray]]:
    """Motivos y carriles ``(B, W, 32)`` mal parados en una reunión; vacía si está bien.

    ``"warp_missing"``: la máscara los nombra, siguen vivos y no llegan donde otros sí llegan.
    ``"warp_unnamed"``: llegan y la máscara no los nombra.
    """
    exists, arrived, named, exited = (
        grid3(mask) for mask in (event.lanes.base_mask, event.mask, event.named, event.exited)
    )
    arrived = arrived & exists
    missing = named & exists & ~exited & ~arrived & arrived.any(axis=2, keepdims=True)
    found = {"warp_missing": missing, "warp_unnamed": arrived & ~named}
    return [
        (reason, np.broadcast_to(lanes, event.lanes.shape))
        for reason, lanes in found.items()
        if lanes.any()
    ]


def met(event: Barrier) -> np.ndarray:
    """Carriles que se reúnen de verdad: llegan y la máscara los nombra."""
    return grid3(event.mask) & grid3(event.named) & grid3(event.lanes.base_mask)
