"""Números complejos: ``complex(a, b)`` y el módulo ``cmath``."""

from __future__ import annotations

import ast
import cmath
from collections.abc import Callable
from typing import Any

import numpy as np

from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T

Handler = Callable[..., ir.Expr]

SAME = {
    "acos": np.arccos, "acosh": np.arccosh, "asin": np.arcsin, "asinh": np.arcsinh,
    "atan": np.arctan, "atanh": np.arctanh, "cos": np.cos, "cosh": np.cosh,
    "log": np.log, "log10": np.log10, "sin": np.sin, "sinh": np.sinh, "sqrt": np.sqrt,
    "tan": np.tan, "tanh": np.tanh,
}  # fmt: skip
TESTS = {"isnan": np.isnan, "isinf": np.isinf, "isfinite": np.isfinite}


def complex_type(t: np.dtype) -> np.dtype:
    """El complejo en que calcula ``cmath``: complex64 para lo que cabe en un float32."""
    return T.C64 if t == T.C64 or t in T.NARROW else T.C128


def _real_type(t: np.dtype) -> np.dtype:
    return T.F32 if t == T.C64 else T.F64


def _function(name: str, run: Any, result: Callable[[np.dtype], np.dtype]) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, 1)
        typer.need_scalar(args[0], node)
        t = complex_type(args[0].type)
        return typer.apply(name, run, t, result(t), args, node)

    return handler


def _polar(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    parts = [CMATH[f](typer, node, args) for f in (_size, cmath.phase)]
    return typer.make_tuple(parts, node)


def _size(z: complex) -> float:
    """Solo nombra la fila del módulo de un complejo."""
    return abs(z)


def _make(real: Any, imag: Any) -> Any:
    t = np.complex64 if real.dtype == np.float32 else np.complex128
    out = np.empty(np.broadcast_shapes(real.shape, imag.shape), t)
    out.real, out.imag = real, imag
    return out[()]


def _log(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    """``cmath.log(z)`` y ``cmath.log(z, base)``."""
    typer.arity(node, args, 1, 2)
    parts = [_function("log", np.log, lambda t: t)(typer, node, [a]) for a in args]
    return parts[0] if len(parts) == 1 else typer.binary(ast.Div(), *parts, node)


def _from_polar(r: Any, angle: Any) -> Any:
    """``r`` y su ángulo, con los casos sin límite de Numba: rect(0, inf) es 0."""
    out = _make(_along(np.cos(angle), r), _along(np.sin(angle), r))
    lost = ~np.isfinite(angle)
    out = np.where(lost & (r == 0), out.dtype.type(0), out)
    return np.where(lost & np.isinf(r), _make(r, angle), out)[()]


def _along(part: Any, r: Any) -> Any:
    """``part * r``, salvo 0 por infinito, que sigue siendo cero."""
    return np.where((part == 0) & np.isinf(r), part / r, part * r)


def _exp(z: Any) -> Any:
    """``exp``, con exp(-inf ± inf j) = 0 como Numba."""
    gone = (z.real == -np.inf) & ~np.isfinite(z.imag)
    return np.where(gone, z.dtype.type(0), np.exp(z))[()]


def _rect(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 2)
    t = T.real_pair(args[0].type, args[1].type)
    r, angle = (typer.cast(a, t) for a in args)
    return typer.apply("rect", _from_polar, t, T.C64 if t == T.F32 else T.C128, (r, angle), node)


def make_complex(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    """``complex(a)`` y ``complex(a, b)``: complex64 solo si todo es float32."""
    typer.arity(node, args, 1, 2)
    for a in args:
        typer.need_scalar(a, node)
        if a.type in (T.BOOL, T.F16) or (a.type.kind == "c" and len(args) == 2):
            raise typer.fail(f"complex no admite {T.name_of(a.type)} aquí.", node)
    if len(args) == 1:
        return typer.cast(args[0], T.C64 if args[0].type == T.F32 else T.C128)
    t = T.F32 if args[0].type == args[1].type == T.F32 else T.F64
    return typer.apply("complex", _make, t, T.C64 if t == T.F32 else T.C128, args, node)


CMATH: dict[Any, Handler] = {
    **{getattr(cmath, n): _function(n, f, lambda t: t) for n, f in SAME.items()},
    cmath.exp: _function("exp", _exp, lambda t: t),
    **{getattr(cmath, n): _function(n, f, lambda t: T.BOOL) for n, f in TESTS.items()},
    cmath.phase: _function("phase", np.angle, _real_type),
    _size: _function("abs", np.abs, _real_type),
    cmath.log: _log,
    cmath.polar: _polar,
    cmath.rect: _rect,
    complex: make_complex,
}
