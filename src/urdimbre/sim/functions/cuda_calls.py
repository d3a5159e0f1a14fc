"""Llamadas propias de CUDA: identidad del hilo, memoria del bloque, barreras y atómicas."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from urdimbre.errors import KernelTypeError
from urdimbre.sim.functions import intrinsics as I
from urdimbre.sim.functions.grid_group import this_grid
from urdimbre.sim.functions.half import HALF, half
from urdimbre.sim.functions.libdevice import LIBDEVICE, libdevice
from urdimbre.sim.functions.warp_calls import WARP_CALLS
from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T

Handler = Callable[..., ir.Expr]


class NotConstantError(KernelTypeError):
    """La forma de un arreglo no es constante; puede serlo si se conoce el argumento que la da."""


def _dimension(typer: Any, node: Any, args: list[ir.Expr]) -> int:
    typer.arity(node, args, 1)
    n = args[0].value if isinstance(args[0], ir.Const) else None
    if n not in (1, 2, 3):
        raise typer.fail("El argumento debe ser la constante 1, 2 o 3.", node)
    return int(n)


def per_axis(one: Callable[[Any, str, Any], ir.Expr]) -> Handler:
    """``grid(n)`` y ``gridsize(n)``: un entero, o una tupla con uno por eje."""

    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        n = _dimension(typer, node, args)
        items = tuple(one(typer, axis, node) for axis in I.AXES[:n])
        if n == 1:
            return items[0]
        return ir.MakeTuple(T.Tuple((T.I64,) * n), node.lineno, items)

    return handler


def _position(typer: Any, axis: str, node: Any) -> ir.Expr:
    block, dim, thread = (
        typer.special(f"{k}.{axis}", node) for k in ("blockIdx", "blockDim", "threadIdx")
    )
    return typer.binary(ast.Add(), typer.binary(ast.Mult(), block, dim, node), thread, node)


def _extent(typer: Any, axis: str, node: Any) -> ir.Expr:
    dims = (typer.special(f"{k}.{axis}", node) for k in ("blockDim", "gridDim"))
    return typer.binary(ast.Mult(), *dims, node)


def _sync(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 0)
    return ir.Sync(T.NONE, node.lineno, "syncthreads")


def declare(space: str) -> Handler:
    """``cuda.shared.array`` y ``cuda.local.array``: forma y tipo, constantes."""

    def handler(typer: Any, node: Any, args: list[ir.Expr], **named: ir.Expr) -> ir.Expr:
        given = dict(zip(("shape", "dtype", "alignment"), args, strict=False)) | named
        if not {"shape", "dtype"} <= set(given):
            raise typer.fail(f"cuda.{space}.array necesita la forma y el tipo.", node)
        dtype = T.dtype_of(getattr(given["dtype"], "value", None))
        if dtype is None:
            raise typer.fail("El tipo no se reconoce: usa por ejemplo float32 o np.float32.", node)
        shape = _constant_shape(typer, node, given["shape"], space)
        return ir.Declare(T.Array(dtype, len(shape)), node.lineno, space, shape)

    return handler


def _is_plain(node: ast.expr) -> bool:
    """Un nombre, un literal o una cuenta solo de literales, que Python ya resuelve."""
    if isinstance(node, ast.BinOp | ast.UnaryOp):
        return all(isinstance(n, ast.Constant) for n in ast.walk(node) if hasattr(n, "lineno")
                   and not isinstance(n, ast.BinOp | ast.UnaryOp))  # fmt: skip
    return isinstance(node, ast.Constant | ast.Name | ast.Attribute)


def _constant_shape(typer: Any, node: Any, value: ir.Expr, space: str) -> tuple[int, ...]:
    items = typer.items_of(value, node) if isinstance(value.type, T.Tuple) else [value]
    shape_node = next((k.value for k in node.keywords if k.arg == "shape"), None) or node.args[0]
    parts = shape_node.elts if isinstance(shape_node, ast.Tuple) else [shape_node]
    plain = all(_is_plain(p) for p in parts)
    if not (plain and all(isinstance(i, ir.Const) and T.is_int(i.type) for i in items)):
        dynamic = " Si el tamaño se elige al lanzar, la forma es 0." if space == "shared" else ""
        raise typer.fail(
            f"La forma de cuda.{space}.array debe ser un entero literal o una constante global "
            "(ni un argumento, ni blockDim, ni una cuenta como T + 1: define TP1 = T + 1 fuera)."
            + dynamic,
            node,
            NotConstantError,
        )
    shape = tuple(int(i.value) for i in items)
    low = 0 if space == "shared" else 1
    if min(shape) < low:
        raise typer.fail(f"La forma {shape} no es válida.", node)
    return shape


def _constant_array(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    """``cuda.const.array_like(G)``: un arreglo global ya es una constante."""
    typer.arity(node, args, 1)
    if not isinstance(args[0].type, T.Array):
        raise typer.fail("cuda.const.array_like pide un arreglo global de NumPy.", node)
    return args[0]


# ---- atómicas --------------------------------------------------------------------------------

ATOMIC_KINDS = {
    **dict.fromkeys(("add", "sub", "max", "min", "nanmax", "nanmin"), "iuf"),
    **dict.fromkeys(("and_", "or_", "xor", "exch", "cas", "compare_and_swap"), "iu"),
    **dict.fromkeys(("inc", "dec"), "u"),
}


def _hinted_load(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    """``cuda.ldcg(a, i)``: leer ``a[i]``; la pista de caché no se simula."""
    typer.arity(node, args, 2)
    return ir.Load(args[0].type.dtype, node.lineno, args[0], _place(typer, node, args))


def _hinted_store(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    """``cuda.stcg(a, i, v)``: escribir ``a[i] = v``."""
    typer.arity(node, args, 3)
    index = _place(typer, node, args)
    typer.need_scalar(args[2], node)
    value = typer.cast(args[2], args[0].type.dtype)
    typer.emit(ir.Store(node.lineno, args[0], index, value))
    return ir.Const(T.NONE, node.lineno, None)


def atomic(op: str) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        values = 2 if op in ("cas", "compare_and_swap") else 1
        if op == "compare_and_swap":
            typer.arity(node, args, 3)
            args = [args[0], typer.wrap(0, node), *args[1:]]
        typer.arity(node, args, 2 + values)
        array, index = args[0], _place(typer, node, args)
        dtype = _atomic_type(typer, node, op, array)
        cast = tuple(typer.cast(v, dtype) for v in args[2:])
        return ir.Atomic(dtype, node.lineno, op, array, index, cast)

    return handler


def _place(typer: Any, node: Any, args: list[ir.Expr]) -> tuple[ir.Expr, ...]:
    """Los índices de ``función(arreglo, índice, …)``."""
    array, index = args[0], args[1]
    if not isinstance(array.type, T.Array) or T.is_record(array.type.dtype):
        raise typer.fail("El primer argumento es un arreglo de números.", node)
    if len(args) > 2:
        typer.need_writable(array, node.args[0])
    parts = typer.items_of(index, node) if isinstance(index.type, T.Tuple) else [index]
    if len(parts) != array.type.ndim:
        raise typer.fail(f"Hay {len(parts)} índices para un {array.type}.", node)
    return tuple(typer.index(p, node) for p in parts)


def _atomic_type(typer: Any, node: Any, op: str, array: ir.Expr) -> np.dtype:
    dtype = array.type.dtype
    if dtype.kind not in ATOMIC_KINDS[op] or dtype.itemsize not in (4, 8):
        raise typer.fail(f"cuda.atomic.{op} no admite {dtype.name}.", node)
    return dtype


CUDA_CALLS: dict[Any, Handler] = {
    **WARP_CALLS,
    **{getattr(I.atomic, op): atomic(op) for op in I.ATOMIC_OPS},
    **{getattr(I.fp16, n): half(n) for n in HALF},
    **{getattr(I.libdevice, n): libdevice(n) for n in LIBDEVICE},
    **{I.HINTS[n]: _hinted_load for n in I.LOAD_HINTS},
    **{I.HINTS[n]: _hinted_store for n in I.STORE_HINTS},
    I.grid: per_axis(_position),
    I.gridsize: per_axis(_extent),
    I.syncthreads: _sync,
    I.shared.array: declare("shared"),
    I.local.array: declare("local"),
    I.const.array_like: _constant_array,
    I.cg.this_grid: this_grid,
}
