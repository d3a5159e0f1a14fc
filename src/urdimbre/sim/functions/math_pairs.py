"""``math.frexp``, ``math.modf``, ``math.ldexp`` y ``round`` con decimales."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T
from urdimbre.sim.typed.ops import clamp_to_integer

Handler = Callable[..., ir.Expr]


def _narrow(t: np.dtype) -> np.dtype:
    return T.F32 if t in T.NARROW else T.F64


def _pair(name: str, kind: Any, parts: tuple[tuple[Any, Any], ...]) -> Handler:
    """Una función con dos resultados; ``None`` es el mismo tipo del cálculo."""

    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, 1)
        typer.need_real(args[0], node)
        t = kind(args[0].type)
        value = typer.temp(typer.cast(args[0], t))
        made = [typer.apply(name, run, t, to or t, (value,), node) for run, to in parts]
        return typer.make_tuple(made, node)

    return handler


def _ldexp(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 2)
    for a in args:
        typer.need_real(a, node)
    t = _narrow(args[0].type)
    parts = (typer.cast(args[0], t), typer.cast(args[1], T.I32))
    return ir.Apply(t, node.lineno, np.ldexp, parts, "ldexp")


def round_to(x: Any, digits: Any) -> Any:
    """``round(x, n)`` como lo calcula Numba: escalar, redondear al par y deshacer."""
    wide, n = np.asarray(x, np.float64), np.asarray(digits)
    high = np.power(10.0, np.clip(n, 0, 22).astype(np.float64))
    extra = np.power(10.0, np.maximum(n - 22, 0).astype(np.float64))
    low = np.power(10.0, np.maximum(-n, 0).astype(np.float64))
    first, second = np.where(n > 22, extra, high), np.where(n > 22, 1e22, 1.0)
    y = np.where(n >= 0, wide * first * second, wide / low)
    z = clamp_to_integer(np.rint(y), T.I64).astype(np.float64)  # cvt.rni.s64.f64
    back = np.where(n >= 0, z / second / first, z * low)
    keep = ~np.isfinite(wide) | (~np.isfinite(y) & (n >= 0))
    return np.where(keep, wide, back).astype(x.dtype)[()]


def round_digits(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    """``round(x, n)``: sigue siendo un flotante."""
    typer.need_real(args[0], node)
    t = _narrow(args[0].type)
    parts = (typer.cast(args[0], t), typer.index(args[1], node))
    return ir.Apply(t, node.lineno, round_to, parts, "round")


MATH_PAIRS: dict[Any, Handler] = {
    math.frexp: _pair("frexp", _narrow, ((lambda x: np.frexp(x)[0], None),
                                         (lambda x: np.frexp(x)[1], T.I32))),
    math.modf: _pair("modf", lambda t: T.F32 if t == T.F32 else T.F64, (
        (lambda x: np.modf(x)[0], None), (lambda x: np.modf(x)[1], None))),
    math.ldexp: _ldexp,
}  # fmt: skip
