"""Llamadas dentro de un kernel: una fila por función que el dialecto conoce."""

from __future__ import annotations

import ast
import builtins
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from urdimbre.errors import KernelError, UnsupportedError
from urdimbre.sim.frontend import advice
from urdimbre.sim.frontend.device_arguments import complete, constants, none_as_value, passed
from urdimbre.sim.frontend.inner import InnerFunction
from urdimbre.sim.frontend.members import builds_named
from urdimbre.sim.functions import intrinsics as I
from urdimbre.sim.functions import printing
from urdimbre.sim.functions.complexes import CMATH
from urdimbre.sim.functions.cuda_calls import CUDA_CALLS, NotConstantError
from urdimbre.sim.functions.math_pairs import MATH_PAIRS
from urdimbre.sim.functions.methods import method
from urdimbre.sim.functions.operator_calls import OPERATOR_CALLS
from urdimbre.sim.functions.python_calls import PYTHON_CALLS
from urdimbre.sim.functions.ufuncs import UFUNC_CALLS
from urdimbre.sim.functions.vectors import VECTOR_CALLS
from urdimbre.sim.functions.xoroshiro import INTRINSICS, draw_call
from urdimbre.sim.passes.inlining import inlined
from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T

Handler = Callable[[Any, Any, list[ir.Expr]], ir.Expr]


def call(typer: Any, node: ast.Call) -> ir.Expr:
    """Tipa una llamada: función de la tabla, conversión de tipo o función de dispositivo."""
    target = typer.expr(node.func)
    if isinstance(target, ir.Method):
        return method(typer, node, target, [typer.expr(a) for a in node.args])
    if not isinstance(target, ir.Object) or isinstance(target.type, T.Array):
        raise typer.fail(advice.called(ast.unparse(node.func), target), node)
    args = [part for a in node.args for part in _given(typer, a)]
    named = {k.arg: typer.expr(k.value) for k in node.keywords}
    handler = _handler(target.value)
    if handler is not None:
        _check_names(typer, node, handler, named)
        return handler(typer, node, args, **named)
    if isinstance(target.value, InnerFunction):
        return typer.call_inner(target.value, args, node)
    if hasattr(target.value, "device_function"):
        return _device(typer, node, target.value, args, named)
    if builds_named(target.value):
        return typer.make_named(target.value, args, named, node)
    dtype = T.dtype_of(target.value)
    if dtype is not None:
        return _convert(typer, node, dtype, args)
    raise _unknown(typer, node, target.value)


def _check_names(typer: Any, node: ast.Call, handler: Handler, named: dict[str, ir.Expr]) -> None:
    """Que la función admita los argumentos que se dan por su nombre."""
    if named:
        known = inspect.signature(handler).parameters
        free = any(p.kind is p.VAR_KEYWORD for p in known.values())
        wrong = next((n for n in named if n not in list(known)[3:]), None)
        if wrong is not None and not free:
            raise typer.fail(f"«{ast.unparse(node.func)}» no lleva «{wrong}=».", node)


def _given(typer: Any, node: ast.expr) -> list[ir.Expr]:
    """Un argumento, o los que hay en ``*tupla``."""
    if isinstance(node, ast.Starred):
        return typer.items_of(typer.expr(node.value), node)
    return [typer.expr(node)]


def _handler(value: Any) -> Handler | None:
    try:
        return CALLS.get(value)
    except TypeError:
        return None


def _unknown(typer: Any, node: ast.Call, value: Any) -> KernelError:
    name = ast.unparse(node.func)
    if isinstance(value, I.Intrinsic):
        from urdimbre.sim.supported import refuse

        return typer.fail(refuse(value.name).message, node, UnsupportedError)
    if callable(value) and getattr(value, "__module__", "") not in ("builtins", "math", "numpy"):
        hint = f" Si «{name}» es tuya, decórala con @cuda.jit(device=True)."
        return typer.fail(f"«{name}» no se puede llamar desde un kernel.{hint}", node)
    hint = advice.instead_of(name)
    return typer.fail(f"«{name}» no existe dentro de un kernel.{hint}", node, UnsupportedError)


def _device(typer: Any, node: Any, kernel: Any, args: list[ir.Expr], named: Any) -> ir.Expr:
    args = _signed(typer, kernel, args)
    args = passed([none_as_value(a) for a in complete(kernel, args, named, typer, node)])
    try:
        fn = kernel.device_function(tuple(a.type for a in args), typer, node)
    except NotConstantError:
        known = constants(kernel.definition.node, args)
        if known == args:
            raise
        args, fn = known, kernel.device_function(tuple(a.type for a in known), typer, node)
    return inlined(ir.Call(fn.returns, node.lineno, fn, tuple(args)), typer.new_slot)


def _signed(typer: Any, kernel: Any, args: list[ir.Expr]) -> list[ir.Expr]:
    """Con una firma, los números se convierten a los tipos que pide, como en Numba."""
    if len(kernel.signatures) != 1 or len(kernel.signatures[0]) != len(args):
        return args
    return [
        typer.cast(a, t) if T.is_scalar(t) and T.is_scalar(a.type) else a
        for a, t in zip(args, kernel.signatures[0], strict=True)
    ]


def _convert(typer: Any, node: Any, dtype: np.dtype, args: list[ir.Expr]) -> ir.Expr:
    typer.arity(node, args, 1)
    typer.need_scalar(args[0], node)
    return typer.cast(args[0], dtype)


CALLS: dict[Any, Handler] = {
    **PYTHON_CALLS,
    **OPERATOR_CALLS,
    **UFUNC_CALLS,
    builtins.print: printing.typed,
    **CMATH,
    **MATH_PAIRS,
    **CUDA_CALLS,
    **VECTOR_CALLS,
    **{intrinsic: draw_call(name) for name, intrinsic in INTRINSICS.items()},
}
