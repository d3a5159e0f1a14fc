"""Lo común al bajar expresiones: cada nodo se vuelve ``f(run, v, m)`` según la tabla.

Leyenda: ``run`` la tanda, ``v`` las casillas, ``m`` los carriles activos.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from urdimbre.sim.typed import ir

Code = Callable[[Any, list[Any], Any], Any]
EXPRESSIONS: dict[type, Callable[[Any], Code]] = {}  # la completa lower.expressions


def expression(node: ir.Expr) -> Code:
    return EXPRESSIONS[type(node)](node)


def indices(nodes: tuple[ir.Expr, ...]) -> Code:
    parts = [expression(n) for n in nodes]
    if len(parts) == 1:
        (a,) = parts
        return lambda run, v, m: (a(run, v, m),)
    if len(parts) == 2:
        a, b = parts
        return lambda run, v, m: (a(run, v, m), b(run, v, m))
    return lambda run, v, m: tuple(p(run, v, m) for p in parts)
