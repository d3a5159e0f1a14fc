"""Llamadas dentro de un kernel: una fila por función que el dialecto conoce."""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import KernelError, UnsupportedError
from . import intrinsics as I  # noqa: E741, N812
from . import ir, ops
from . import types as T

Handler = Callable[[Any, Any, list[ir.Expr]], ir.Expr]


def call(typer: Any, node: ast.Call) -> ir.Expr:
    """Tipa una llamada: función de la tabla, conversión de tipo o función de dispositivo."""
    target = typer.expr(node.func)
    if not isinstance(target, ir.Object) or isinstance(target.type, T.Array):
        raise typer.fail("Esto no se puede llamar.", node)
    args = [typer.expr(a) for a in node.args]
    named = {k.arg: typer.expr(k.value) for k in node.keywords}
    handler = _handler(target.value)
    if handler is not None:
        return handler(typer, node, args, **named)
    if hasattr(target.value, "device_function"):
        return _device(typer, node, target.value, args, named)
    dtype = T.dtype_of(target.value)
    if dtype is not None:
        return _convert(typer, node, dtype, args)
    raise _unknown(typer, node, target.value)


def _handler(value: Any) -> Handler | None:
    try:
        return CALLS.get(value)
    except TypeError:
        return None


def _unknown(typer: Any, node: ast.Call, value: Any) -> KernelError:
    name = ast.unparse(node.func)
    if isinstance(value, I.Intrinsic):
        from .supported import refuse

        return typer.fail(refuse(value.name).message, node, UnsupportedError)
    if callable(value) and getattr(value, "__module__", "") not in ("builtins", "math", "numpy"):
        hint = f" Si «{name}» es tuya, decórala con @cuda.jit(device=True)."
        return typer.fail(f"«{name}» no se puede llamar desde un kernel.{hint}", node)
    return typer.fail(f"«{name}» no existe dentro de un kernel.", node, UnsupportedError)


def _device(typer: Any, node: Any, kernel: Any, args: list[ir.Expr], named: Any) -> ir.Expr:
    if named:
        raise typer.fail("Una función de dispositivo se llama sin nombres de argumento.", node)
    fn = kernel.device_function(tuple(a.type for a in args), typer, node)
    return ir.Call(fn.returns, node.lineno, fn, tuple(args))


def arity(typer: Any, node: Any, args: list[Any], low: int, high: int | None = None) -> None:
    high = low if high is None else high
    if not low <= len(args) <= high:
        name = ast.unparse(node.func)
        many = str(low) if low == high else f"de {low} a {high}"
        raise typer.fail(f"«{name}» lleva {many} argumentos y recibe {len(args)}.", node)


def _convert(typer: Any, node: Any, dtype: np.dtype, args: list[ir.Expr]) -> ir.Expr:
    arity(typer, node, args, 1)
    typer.need_scalar(args[0], node)
    return typer.cast(args[0], dtype)


# ---- math y funciones de Python --------------------------------------------------------------


def _float_type(t: np.dtype) -> np.dtype:
    """math.f(x): float32 se queda; enteros y float64 dan float64; float16 da float32."""
    return {T.F16: T.F32, T.F32: T.F32}.get(t, T.F64)


def unary_math(name: str, run: Any, result: np.dtype | None = None) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        arity(typer, node, args, 1)
        typer.need_scalar(args[0], node)
        t = _float_type(args[0].type)
        return typer.apply(name, run, t, result or t, args, node)

    return handler


def binary_math(name: str, run: Any) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        arity(typer, node, args, 2)
        for a in args:
            typer.need_scalar(a, node)
        t = _float_type(np.promote_types(args[0].type, args[1].type))
        return typer.apply(name, run, t, t, args, node)

    return handler


def extreme(name: str, integer: Any, floating: Any) -> Handler:
    """``min`` y ``max``: en flotantes descartan NaN, como ``min.f32`` de PTX."""

    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        if len(args) == 1 and isinstance(args[0].type, T.Tuple):
            args = typer.items_of(args[0], node)
        arity(typer, node, args, 2, 64)
        out = args[0]
        for other in args[1:]:
            t = typer.common(out, other, node)
            out = typer.apply(name, floating if T.is_float(t) else integer, t, t, (out, other), node)
        return out

    return handler


def _abs(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    arity(typer, node, args, 1)
    typer.need_scalar(args[0], node)
    t = args[0].type
    result = {T.C64: T.F32, T.C128: T.F64}.get(t, t)
    return typer.apply("abs", np.abs, t, result, args, node)


def _int(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    arity(typer, node, args, 1)
    typer.need_scalar(args[0], node)
    t = args[0].type
    return args[0] if T.is_int(t) and t != T.BOOL else typer.cast(args[0], T.I64)


def _float(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    arity(typer, node, args, 1)
    typer.need_scalar(args[0], node)
    return args[0] if T.is_float(args[0].type) else typer.cast(args[0], T.F64)


def _bool(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    arity(typer, node, args, 1)
    return typer.truth(args[0])


def _round(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    """``round(x)`` da int64, mitades al par."""
    arity(typer, node, args, 1)
    typer.need_scalar(args[0], node)
    if T.is_int(args[0].type):
        return args[0]
    t = args[0].type
    return typer.cast(typer.apply("round", np.rint, t, t, args, node), T.I64)


def _len(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    arity(typer, node, args, 1)
    if isinstance(args[0].type, T.Tuple):
        return typer.wrap(len(args[0].type.items), node)
    if not isinstance(args[0].type, T.Array):
        raise typer.fail(f"{T.name_of(args[0].type)} no tiene longitud.", node)
    return ir.Shape(T.I64, node.lineno, args[0], 0)


def _pow(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    arity(typer, node, args, 2)
    return typer.binary(ast.Pow(), args[0], args[1], node)


def _divmod(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    arity(typer, node, args, 2)
    parts = tuple(typer.binary(op, args[0], args[1], node) for op in (ast.FloorDiv(), ast.Mod()))
    return ir.MakeTuple(T.Tuple(tuple(p.type for p in parts)), node.lineno, parts)


def _print(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    if len(args) > 32:
        raise typer.fail("print admite 32 argumentos como máximo dentro de un kernel.", node)
    return ir.Print(T.NONE, node.lineno, tuple(args))


def _range(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    raise typer.fail("range solo se puede usar en «for … in range(…)».", node)


# ---- identidad, memoria y barreras -----------------------------------------------------------


def _dimension(typer: Any, node: Any, args: list[ir.Expr]) -> int:
    arity(typer, node, args, 1)
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
    block, dim, thread = (typer.special(f"{k}.{axis}", node) for k in ("blockIdx", "blockDim", "threadIdx"))
    return typer.binary(ast.Add(), typer.binary(ast.Mult(), block, dim, node), thread, node)


def _extent(typer: Any, axis: str, node: Any) -> ir.Expr:
    dims = (typer.special(f"{k}.{axis}", node) for k in ("blockDim", "gridDim"))
    return typer.binary(ast.Mult(), *dims, node)


def _sync(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
    arity(typer, node, args, 0)
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
        out = ir.Declare(T.Array(dtype, len(shape)), node.lineno, typer.key(node), space, shape)
        typer.declared[out.key] = out
        return out

    return handler


def _constant_shape(typer: Any, node: Any, value: ir.Expr, space: str) -> tuple[int, ...]:
    items = typer.items_of(value, node) if isinstance(value.type, T.Tuple) else [value]
    shape_node = next((k.value for k in node.keywords if k.arg == "shape"), None) or node.args[0]
    parts = shape_node.elts if isinstance(shape_node, ast.Tuple) else [shape_node]
    plain = all(isinstance(p, ast.Constant | ast.Name | ast.Attribute) for p in parts)
    if not (plain and all(isinstance(i, ir.Const) and T.is_int(i.type) for i in items)):
        raise typer.fail(
            f"La forma de cuda.{space}.array debe ser un entero literal o una constante global "
            "(ni un argumento, ni blockDim, ni una cuenta como T + 1: define TP1 = T + 1 fuera).",
            node,
        )
    shape = tuple(int(i.value) for i in items)
    low = 0 if space == "shared" else 1
    if min(shape) < low:
        raise typer.fail(f"La forma {shape} no es válida.", node)
    return shape


# ---- atómicas --------------------------------------------------------------------------------

ATOMIC_KINDS = {
    **dict.fromkeys(("add", "sub", "max", "min", "nanmax", "nanmin"), "iuf"),
    **dict.fromkeys(("and_", "or_", "xor", "exch", "cas", "compare_and_swap"), "iu"),
    **dict.fromkeys(("inc", "dec"), "u"),
}


def atomic(op: str) -> Handler:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        values = 2 if op in ("cas", "compare_and_swap") else 1
        if op == "compare_and_swap":
            arity(typer, node, args, 3)
            args = [args[0], typer.wrap(0, node), *args[1:]]
        arity(typer, node, args, 2 + values)
        array, index = args[0], _atomic_index(typer, node, args)
        dtype = _atomic_type(typer, node, op, array)
        cast = tuple(typer.cast(v, dtype) for v in args[2:])
        return ir.Atomic(dtype, node.lineno, op, array, index, cast)

    return handler


def _atomic_index(typer: Any, node: Any, args: list[ir.Expr]) -> tuple[ir.Expr, ...]:
    array, index = args[0], args[1]
    if not isinstance(array.type, T.Array):
        raise typer.fail("El primer argumento de una atómica es un arreglo.", node)
    parts = typer.items_of(index, node) if isinstance(index.type, T.Tuple) else [index]
    if len(parts) != array.type.ndim:
        raise typer.fail(f"Hay {len(parts)} índices para un {array.type}.", node)
    return tuple(typer.index(p, node) for p in parts)


def _atomic_type(typer: Any, node: Any, op: str, array: ir.Expr) -> np.dtype:
    dtype = array.type.dtype
    if dtype.kind not in ATOMIC_KINDS[op] or dtype.itemsize not in (4, 8):
        raise typer.fail(f"cuda.atomic.{op} no admite {dtype.name}.", node)
    return dtype


def _numpy_unary() -> dict[Any, Handler]:
    names = ("sqrt", "exp", "log", "log2", "log10", "sin", "cos", "tan", "tanh", "floor", "ceil")
    return {getattr(np, n): unary_math(n, getattr(np, n)) for n in names}


CALLS: dict[Any, Handler] = {
    **{getattr(math, n): unary_math(n, f) for n, f in ops.MATH_UNARY.items() if hasattr(math, n)},
    **{getattr(math, n): unary_math(n, f, T.BOOL) for n, f in ops.MATH_TEST.items()},
    **{getattr(math, n): binary_math(n, f) for n, f in ops.MATH_BINARY.items() if hasattr(math, n)},
    **_numpy_unary(),
    **{getattr(I.atomic, op): atomic(op) for op in I.ATOMIC_OPS},
    builtins.min: extreme("min", np.minimum, np.fmin),
    builtins.max: extreme("max", np.maximum, np.fmax),
    builtins.abs: _abs,
    builtins.int: _int,
    builtins.float: _float,
    builtins.bool: _bool,
    builtins.round: _round,
    builtins.len: _len,
    builtins.pow: _pow,
    builtins.divmod: _divmod,
    builtins.print: _print,
    builtins.range: _range,
    I.grid: per_axis(_position),
    I.gridsize: per_axis(_extent),
    I.syncthreads: _sync,
    I.shared.array: declare("shared"),
    I.local.array: declare("local"),
}
