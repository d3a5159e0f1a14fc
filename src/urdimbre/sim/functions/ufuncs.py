"""Funciones universales de NumPy dentro de un kernel: ``np.sin(x)`` y ``np.add(a, b, out)``.

Con números, son las de ``math`` y los operadores. Con un argumento más, un arreglo, cada hilo
recorre ese arreglo entero y lo llena: como en Numba, los demás se difunden a su forma.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from urdimbre.sim.functions.operator_calls import OPERATOR_CALLS
from urdimbre.sim.functions.python_calls import binary_math, unary_math
from urdimbre.sim.typed import ir, ops
from urdimbre.sim.typed import types as T

Handler = Callable[..., ir.Expr]

MATH = {
    **{n: n for n in ("sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos",
                      "tan", "sinh", "cosh", "tanh", "floor", "ceil", "trunc", "fabs", "degrees",
                      "radians")},
    **{"arc" + n[1:]: n for n in ("asin", "acos", "atan", "asinh", "acosh", "atanh")},
    "rad2deg": "degrees", "deg2rad": "radians",
}  # fmt: skip
PAIRS = {"arctan2": "atan2", "hypot": "hypot"}
OPERATORS = {
    "add": "add", "subtract": "sub", "multiply": "mul", "bitwise_and": "and_", "bitwise_or": "or_",
    "bitwise_xor": "xor", "invert": "invert", "negative": "neg", "less": "lt", "less_equal": "le",
    "equal": "eq", "not_equal": "ne", "greater": "gt", "greater_equal": "ge",
    "logical_not": "not_", "true_divide": "truediv", "floor_divide": "floordiv",
}  # fmt: skip
EXTREMES = ("maximum", "minimum", "fmax", "fmin")
LOGIC = ("logical_and", "logical_or", "logical_xor")


def _extreme(name: str) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        for a in args:
            typer.need_real(a, node)
        t = T.promote(args[0].type, args[1].type)
        return typer.apply(name, getattr(np, name), t, t, args, node)

    return handler


def _logic(name: str) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        parts = [typer.truth(a) for a in args]
        return typer.apply(name, getattr(np, name), T.BOOL, T.BOOL, parts, node)

    return handler


def _of_complex(function: np.ufunc, typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    """La misma función con complejos, si NumPy la tiene."""
    t = args[0].type if len(args) == 1 else T.promote(args[0].type, args[1].type)
    results = {k: v for k, _, v in (pair.partition("->") for pair in function.types)}
    if t.char * len(args) not in results:
        raise typer.fail(f"np.{function.__name__} no admite números complejos.", node)
    result = T.BOOL if results[t.char * len(args)] == "?" else t
    return typer.apply(function.__name__, function, t, result, args, node)


def ufunc(function: np.ufunc, scalar: Handler) -> Handler:
    """La función con números o, con un arreglo de más al final, elemento a elemento."""

    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, function.nin, function.nin + 1)
        if len(args) == function.nin:
            if any(T.is_scalar(a.type) and a.type.kind == "c" for a in args):
                return _of_complex(function, typer, node, args)
            return scalar(typer, node, args)
        *given, out = args
        if not isinstance(out.type, T.Array):
            raise typer.fail("El último argumento es el arreglo donde se escribe.", node)
        if any(isinstance(a.type, T.Array) and a.type.ndim > out.type.ndim for a in given):
            raise typer.fail("Un argumento tiene más ejes que el arreglo donde se escribe.", node)
        typer.statement(_loops(typer, node, function, given, out))
        return ir.Const(T.NONE, node.lineno, None)

    return handler


def _loops(typer: Any, node: Any, function: Any, given: list[ir.Expr], out: ir.Expr) -> ast.stmt:
    """``for i in range(out.shape[0]): out[i] = f(a[i])``, como si estuviera escrito."""
    start = f"__u{typer.key(node)}"
    axes = [f"{start}_i{k}" for k in range(out.type.ndim)]
    named = {f"{start}_a{k}": typer.temp(a) for k, a in enumerate([*given, out])}
    named[start] = ir.Object(T.OBJECT, node.lineno, function)
    typer.aliases.update(named)
    typer.locals.update(named, axes)
    *names, to = [n for n in named if n != start]
    values = ", ".join(n + _place(a, n, axes) for n, a in zip(names, given, strict=True))
    text = f"{to}[{', '.join(axes) or '()'}] = {start}({values})"
    for k, axis in reversed(list(enumerate(axes))):
        text = f"for {axis} in range({to}.shape[{k}]):\n " + text.replace("\n", "\n ")
    made = ast.parse(text).body[0]
    for part in ast.walk(made):
        ast.copy_location(part, node)
    return made


def _place(a: ir.Expr, name: str, axes: list[str]) -> str:
    """El índice de un argumento: un eje de longitud uno se repite."""
    if not isinstance(a.type, T.Array):
        return ""
    used = enumerate(axes[len(axes) - a.type.ndim :])
    parts = [f"({i} if {name}.shape[{k}] != 1 else 0)" for k, i in used]
    return f"[{', '.join(parts) or '()'}]"


def _scalars() -> dict[str, Handler]:
    """La función de números que corresponde a cada nombre de NumPy."""
    known = {n: unary_math(m, ops.MATH_UNARY[m]) for n, m in MATH.items()}
    known |= {n: binary_math(m, ops.MATH_BINARY[m]) for n, m in PAIRS.items()}
    known |= {n: OPERATOR_CALLS[getattr(operator, m)] for n, m in OPERATORS.items()}
    return known | {n: _extreme(n) for n in EXTREMES} | {n: _logic(n) for n in LOGIC}


UFUNC_CALLS: dict[Any, Handler] = {
    getattr(np, name): ufunc(getattr(np, name), scalar) for name, scalar in _scalars().items()
}
