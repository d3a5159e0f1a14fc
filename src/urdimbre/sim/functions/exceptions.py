"""``raise`` y ``assert`` dentro de un kernel: qué admite Numba y cómo se informa."""

from __future__ import annotations

import ast
import builtins
from typing import Any

import numpy as np

from urdimbre.errors import KernelRuntimeError
from urdimbre.sim.typed import ir
from urdimbre.sim.typed.lowering import Code, expression
from urdimbre.sim.typed.values import split

COMPUTED = (
    "Numba CUDA no compila una excepción con valores calculados: su mensaje debe ser un texto o "
    "una constante."
)
UNCHECKED = "Numba lo informa así con debug=True; sin él, el resultado es inf, nan o 0."
SILENT = "Numba lo informa así con debug=True; sin él, en una GPU el hilo termina en silencio."


def raised(typer: Any, node: ast.Raise) -> ir.Raise:
    """``raise Clase`` o ``raise Clase(constantes)``.

    Raises:
        KernelTypeError: si es otra cosa, que Numba tampoco compila.
    """
    if node.cause is not None:
        raise typer.fail("Numba CUDA no compila «raise … from …».", node)
    if node.exc is None:
        return ir.Raise(node.lineno, "", kind=RuntimeError)
    call = node.exc if isinstance(node.exc, ast.Call) else None
    kind = _class(typer, call.func if call else node.exc)
    if kind is None:
        raise typer.fail("raise pide una clase de excepción, como ValueError.", node)
    if call and call.keywords:
        raise typer.fail(COMPUTED, node)
    parts = [str(_constant(typer, a, node)) for a in (call.args if call else ())]
    return ir.Raise(node.lineno, ", ".join(parts), kind=kind)


def asserted(typer: Any, node: ast.Assert) -> ir.Raise:
    """``assert prueba, mensaje``."""
    test = typer.truth(typer.expr(node.test))
    text = "" if node.msg is None else str(_constant(typer, node.msg, node))
    return ir.Raise(node.lineno, text, test, AssertionError)


def _class(typer: Any, node: ast.expr) -> type | None:
    """La clase que se nombra, si lo es de excepción."""
    found = getattr(builtins, node.id, None) if isinstance(node, ast.Name) else None
    if found is None:
        found = getattr(typer.expr(node), "value", None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


def _constant(typer: Any, node: ast.expr, where: Any) -> Any:
    """El valor de un argumento, que se conoce al compilar."""
    if isinstance(node, ast.JoinedStr):
        parts = [_constant(typer, part, where) for part in node.values]
        return "".join(map(str, parts))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [_constant(typer, side, where) for side in (node.left, node.right)]
        if all(isinstance(s, str) for s in sides):
            return "".join(sides)
    value = None if isinstance(node, ast.FormattedValue) else typer.expr(node)
    if not isinstance(value, ir.Const | ir.Object):
        raise typer.fail(COMPUTED, where)
    return value.value


def lowered(s: ir.Raise) -> Code:
    test = expression(s.test) if s.test is not None else None

    def execute(run: Any, v: Any, m: Any) -> Any:
        failed = split(m, test(run, v, m))[1] if test is not None else m
        if failed is not False:
            raise fault(run, s, failed)
        return m

    return execute


def fault(run: Any, s: ir.Raise, failed: Any, note: str = SILENT) -> KernelRuntimeError:
    """El error, con la clase que se lanzó y el primer hilo que lo hizo, como lo da Numba."""
    lane = int(np.flatnonzero(np.broadcast_to(failed, run.shape))[0])
    block, thread = divmod(lane, run.shape[1] * run.shape[2])
    tid, ctaid = run.lanes.thread_index(thread), run.lanes.block_index(block)
    where = f"{s.kind.__name__} en tid={[*tid[::-1]]} ctaid={[*ctaid[::-1]]}"
    text = f": {s.message}" if s.message else ""
    message = f"En «{run.launch.kernel}», {where}{text}. {note}"
    try:
        return run.fault(message, s.line, _both(s.kind))
    except TypeError:  # una clase propia con otro constructor
        return run.fault(message, s.line)


def _both(kind: type) -> type:
    """Una clase que se atrapa como un error nuestro y como el que se lanzó."""
    if not issubclass(kind, Exception) or issubclass(kind, StopIteration):
        return KernelRuntimeError
    return type(kind.__name__, (KernelRuntimeError, kind), {"__str__": lambda self: self.args[0]})
