"""Qué operaciones se anuncian: las que cuentan como FLOP, y todas las que se hacen en float64.

FLOP: sumas y productos, uno; una FMA, dos. Una división, una raíz o una exponencial son varias
instrucciones en una GPU y no entran; Nsight Compute tampoco las suma.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.sim.functions.fma import fma, fma16
from urdimbre.sim.functions.fused import Fused
from urdimbre.sim.typed import ir, ops
from urdimbre.sim.typed import types as T

DOUBLE = np.dtype(np.float64)

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


def in_double(node: ir.Apply) -> bool:
    """Si se calcula en float64, aunque no cuente como FLOP: división, raíz, máximo, comparación.

    Comparar un float32 con una constante que cabe en float32 se queda en 32 bits: el compilador
    estrecha la constante (se ve en el PTX: ``x > 0.0`` es ``setp.leu.f32``).
    """
    types = (node.type, *(a.type for a in node.args))
    return DOUBLE in types and not (node.type == T.BOOL and all(map(_narrow, node.args)))


def _narrow(arg: ir.Expr) -> bool:
    if isinstance(arg, ir.Const):
        with np.errstate(over="ignore"):
            return arg.value != arg.value or np.float32(arg.value) == arg.value
    return isinstance(arg, ir.Cast) and arg.arg.type == np.float32


def operands(node: ir.Apply) -> tuple[str, ...]:
    """Los tipos de los operandos antes de llevarlos al de cálculo; «constante» si lo es."""
    return tuple(_written(arg) for arg in node.args)


def _written(arg: ir.Expr) -> str:
    if isinstance(arg, ir.Const):
        return "constante"
    return T.name_of(arg.arg.type if isinstance(arg, ir.Cast) else arg.type)
