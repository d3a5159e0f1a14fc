"""Tipar las funciones de ``math`` y las de Python: ``sqrt``, ``min``, ``round``…"""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from urdimbre.sim.functions.math_pairs import round_digits
from urdimbre.sim.typed import ir, ops
from urdimbre.sim.typed import types as T

Handler = Callable[..., ir.Expr]


def _float_type(t: np.dtype) -> np.dtype:
    """math.f(x): float32 se queda; enteros y float64 dan float64; float16 da float32."""
    return {T.F16: T.F32, T.F32: T.F32}.get(t, T.F64)


# Las que existen para float16.
HALF = ("ceil", "cos", "exp", "exp2", "fabs", "floor", "log", "log10", "log2", "sin", "sqrt",
        "tanh", "trunc")  # fmt: skip


def unary_math(name: str, run: Any, result: np.dtype | None = None) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, 1)
        typer.need_real(args[0], node)
        t = args[0].type
        t = T.F16 if t == T.F16 and name in HALF else _float_type(t)
        return typer.apply(name, run, t, result or t, args, node)

    return handler


def binary_math(name: str, run: Any) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, 2)
        for a in args:
            typer.need_real(a, node)
        t = BINARY_TYPES.get(name, T.real_pair)(args[0].type, args[1].type)
        return typer.apply(name, run, t, t, args, node)

    return handler


BINARY_TYPES = {"hypot": T.real_pair_wide, "atan2": T.real_pair_wide, "pow": T.math_power}


def extreme(name: str, chosen: Any, floating: Any) -> Handler:
    """``min`` y ``max``, como en el PTX.

    Dos float32 o float64 descartan NaN (``min.f32``). Con un entero, un float16 o más de dos,
    cada uno se compara con el mejor hasta ahí y un NaN que ya está se queda.
    """

    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        if len(args) == 1 and isinstance(args[0].type, T.Tuple):
            args = typer.items_of(args[0], node)
        typer.arity(node, args, 2, 64)
        _need_ordered(typer, node, args)
        drops_nan = len(args) == 2 and all(a.type in (T.F32, T.F64) for a in args)
        out = args[0]
        for other in args[1:]:
            t = typer.common(out, other, node)
            out = typer.apply(name, floating if drops_nan else chosen, t, t, (out, other), node)
        return out

    return handler


def _need_ordered(typer: Any, node: Any, args: list[ir.Expr]) -> None:
    """Numba no compila ``min`` ni ``max`` con complejos, ni con booleanos salvo dos."""
    booleans = [a.type == T.BOOL for a in args]
    for a in args:
        typer.need_real(a, node)
    if any(booleans) and (len(args) > 2 or not all(booleans)):
        raise typer.fail("min y max no admiten booleanos: conviértelos con np.int32(...).", node)


def _smaller(best: Any, new: Any) -> Any:
    return np.where(new < best, new, best)[()]


def _larger(best: Any, new: Any) -> Any:
    return np.where(new > best, new, best)[()]


def _abs(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 1)
    typer.need_scalar(args[0], node)
    t = args[0].type
    if t == T.BOOL:
        return typer.cast(args[0], T.I8)
    result = {T.C64: T.F32, T.C128: T.F64}.get(t, t)
    return typer.apply("abs", np.abs, t, result, args, node)


def _int(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 1)
    typer.need_scalar(args[0], node)
    t = args[0].type
    return args[0] if T.is_int(t) and t != T.BOOL else typer.cast(args[0], T.I64)


def _float(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 1)
    typer.need_real(args[0], node)
    if args[0].type == T.BOOL:
        raise typer.fail("float() no admite un booleano: usa np.float64(...).", node)
    return args[0] if T.is_float(args[0].type) else typer.cast(args[0], T.F64)


def _bool(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 1)
    return typer.truth(args[0])


def _round(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    """``round(x)`` da int64, mitades al par."""
    if len(args) == 2:
        return round_digits(typer, node, args)
    typer.arity(node, args, 1, 2)
    typer.need_real(args[0], node)
    # También un entero pasa por float64: Numba solo tiene round de reales.
    wide = typer.apply("round", np.rint, T.F64, T.F64, args, node)
    return typer.cast(wide, T.I64)


def _len(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 1)
    if isinstance(args[0].type, T.Tuple):
        return typer.wrap(len(args[0].type.items), node)
    if not isinstance(args[0].type, T.Array):
        raise typer.fail(f"{T.name_of(args[0].type)} no tiene longitud.", node)
    return ir.Shape(T.I64, node.lineno, args[0], 0)


def _pow(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 2)
    return typer.binary(ast.Pow(), args[0], args[1], node)


def _divmod(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 2)
    for a in args:
        typer.need_real(a, node)
    if T.is_int(args[0].type) and T.is_int(args[1].type):
        t = T.divmod_integers(args[0].type, args[1].type)
        args = [typer.cast(a, t) for a in args]
    parts = tuple(typer.binary(op, args[0], args[1], node) for op in (ast.FloorDiv(), ast.Mod()))
    return ir.MakeTuple(T.Tuple(tuple(p.type for p in parts)), node.lineno, parts)


def _sum(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    """``sum(tupla, inicio)``: una suma tras otra desde el inicio, que es el entero 0."""
    typer.arity(node, args, 1, 2)
    out, items = typer.wrap(0, node) if len(args) == 1 else args[1], typer.items_of(args[0], node)
    if not items:
        raise typer.fail("sum no admite una tupla vacía dentro de un kernel.", node)
    for item in items:
        out = typer.binary(ast.Add(), out, item, node)
    return out


def _range(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    raise typer.fail("range solo se puede usar en «for … in range(…)».", node)


PYTHON_CALLS: dict[Any, Handler] = {
    **{getattr(math, n): unary_math(n, f) for n, f in ops.MATH_UNARY.items() if hasattr(math, n)},
    **{getattr(math, n): unary_math(n, f, T.BOOL) for n, f in ops.MATH_TEST.items()},
    **{getattr(math, n): binary_math(n, f) for n, f in ops.MATH_BINARY.items() if hasattr(math, n)},
    builtins.min: extreme("min", _smaller, ops.float_min),
    builtins.max: extreme("max", _larger, ops.float_max),
    builtins.abs: _abs,
    builtins.int: _int,
    builtins.float: _float,
    builtins.bool: _bool,
    builtins.round: _round,
    builtins.len: _len,
    builtins.pow: _pow,
    builtins.divmod: _divmod,
    builtins.sum: _sum,
    builtins.range: _range,
}
