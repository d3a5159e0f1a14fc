"""Qué operaciones cuentan como FLOP, y cuántos: sumas y productos, uno; una FMA, dos.

Una división, una raíz o una exponencial son varias instrucciones en una GPU y no entran aquí;
Nsight Compute tampoco las suma.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.sim import ir, ops
from urdimbre.sim.fma import fma, fma16
from urdimbre.sim.fused import Fused

FLOPS: dict[Any, int] = {
    np.add: 1,
    np.subtract: 1,
    np.multiply: 1,
    ops.rounded_sum: 1,
    ops.rounded_difference: 1,
    ops.rounded_product: 1,
    ops.SMALL_POWERS[2, False]: 1,
    ops.SMALL_POWERS[3, False]: 2,
    fma: 2,
    fma16: 2,
}


def flops(node: ir.Apply) -> int:
    """FLOP por carril de un nodo: 0 si no es de flotantes o no cuenta."""
    kind = getattr(node.type, "kind", "")
    if kind != "f":
        return 0
    return node.run.flops if isinstance(node.run, Fused) else FLOPS.get(node.run, 0)
