"""Métodos que un valor tiene dentro de un kernel: ``a.reshape(…)``, ``z.conjugate()``…"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from urdimbre.sim.functions import grid_group
from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T

Handler = Callable[[Any, Any, ir.Expr, list[ir.Expr]], ir.Expr]


def method(typer: Any, node: ast.Call, target: ir.Method, args: list[ir.Expr]) -> ir.Expr:
    """Tipa la llamada a un método ya reconocido por :func:`has_method`."""
    return METHODS[_kind(target.base.type), target.name](typer, node, target.base, args)


def has_method(t: Any, name: str) -> bool:
    return (_kind(t), name) in METHODS


def _kind(t: Any) -> str:
    if isinstance(t, T.Array):
        return "Array"
    return "scalar" if T.is_scalar(t) else type(t).__name__


def _reshape(typer: Any, node: Any, base: ir.Expr, args: list[ir.Expr]) -> ir.Expr:
    """La misma memoria con otra forma; el arreglo debe ser contiguo."""
    parts = args
    if len(args) == 1 and isinstance(args[0].type, T.Tuple):
        parts = typer.items_of(args[0], node)
    shape = tuple(typer.index(p, node) for p in parts)
    if not shape:
        raise typer.fail("reshape pide la nueva forma.", node)
    kind = T.Array(base.type.dtype, len(shape), base.type.readonly)
    return ir.Reshape(kind, node.lineno, base, shape)


def _view(typer: Any, node: Any, base: ir.Expr, args: list[ir.Expr]) -> ir.Expr:
    """Los mismos bytes con otro tipo; el último eje debe ser contiguo."""
    typer.arity(node, args, 1)
    dtype = T.dtype_of(getattr(args[0], "value", None))
    if dtype is None:
        raise typer.fail("view pide un tipo, como np.int32.", node)
    kind = T.Array(dtype, base.type.ndim, base.type.readonly)
    return ir.Reinterpret(kind, node.lineno, base)


def _conjugate(typer: Any, node: Any, base: ir.Expr, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 0)
    return typer.apply("conjugate", np.conjugate, base.type, base.type, (base,), node)


METHODS: dict[tuple[str, str], Handler] = {
    ("GridGroup", "sync"): grid_group.sync,
    ("Array", "reshape"): _reshape,
    ("Array", "view"): _view,
    ("scalar", "conjugate"): _conjugate,
}
