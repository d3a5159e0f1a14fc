"""Las constantes de un texto, calculadas sin ejecutarlo: literales, cuentas, tuplas y tipos."""

from __future__ import annotations

import ast
import math
import operator
from typing import Any

import numpy as np

from urdimbre.sim import facade
from urdimbre.sim.typed import types as T

NUMBA = {name: dt.type for name, dt in T.SCALARS.items()} | {"cuda": facade}
VALUES = (bool, int, float, complex, str, tuple, np.generic, type)
IGNORED = "__ignored__"

OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
    ast.LShift: operator.lshift, ast.Pow: operator.pow, ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}  # fmt: skip
LIMITS = {ast.LShift: 64, ast.Pow: 64}
LIMIT = 1 << 64


class NumbaModule:
    """El módulo ``numba`` visto desde un texto: tipos y ``cuda``."""

    def __getattr__(self, name: str) -> Any:
        if name == "types":
            return self
        if name in NUMBA:
            return NUMBA[name]
        raise AttributeError(name)


class Unreadable(Exception):
    """Una expresión que no es una constante sencilla."""


def constant(node: ast.expr, scope: dict[str, Any]) -> Any:
    """Valor de una expresión constante: literales, cuentas, tuplas, tipos y ``math.pi``."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple):
        return tuple(constant(e, scope) for e in node.elts)
    if isinstance(node, ast.Name):
        return _name(node.id, scope)
    if isinstance(node, ast.Attribute):
        return _attribute(node, scope)
    if isinstance(node, ast.UnaryOp | ast.BinOp):
        return _operation(node, scope)
    if isinstance(node, ast.Call):
        return _conversion(node, scope)
    raise Unreadable


def _name(name: str, scope: dict[str, Any]) -> Any:
    if name in scope and name != IGNORED:
        return scope[name]
    raise Unreadable


def _attribute(node: ast.Attribute, scope: dict[str, Any]) -> Any:
    base = constant(node.value, scope)
    if (base not in (math, np) and not isinstance(base, NumbaModule)) or node.attr.startswith("_"):
        raise Unreadable
    value = getattr(base, node.attr, None)
    if not isinstance(value, VALUES):
        raise Unreadable
    return value


def _operation(node: Any, scope: dict[str, Any]) -> Any:
    run = OPERATORS.get(type(node.op))
    parts = [node.operand] if isinstance(node, ast.UnaryOp) else [node.left, node.right]
    values = [constant(p, scope) for p in parts]
    if run is None or not all(isinstance(v, int | float | np.generic) for v in values):
        raise Unreadable
    if _large(values[-1], LIMITS.get(type(node.op), LIMIT)) or _large(values[0], LIMIT):
        raise Unreadable
    try:
        return run(*values)
    except (ArithmeticError, TypeError, ValueError):
        raise Unreadable from None


def _large(value: Any, limit: float) -> bool:
    """Si una cuenta con ese entero puede crecer sin medida; un flotante no crece."""
    return isinstance(value, int | np.integer) and abs(value) > limit


def _conversion(node: ast.Call, scope: dict[str, Any]) -> Any:
    """``np.float32(0.5)``: un tipo aplicado a una constante."""
    dtype = T.dtype_of(constant(node.func, scope))
    if dtype is None or len(node.args) != 1 or node.keywords:
        raise Unreadable
    value = constant(node.args[0], scope)
    if not isinstance(value, int | float | np.generic):
        raise Unreadable
    try:
        return dtype.type(value)
    except (OverflowError, ValueError):
        raise Unreadable from None
