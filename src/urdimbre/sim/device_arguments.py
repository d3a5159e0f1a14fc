"""Los argumentos de una función de dispositivo: por nombre, por omisión y ``None``."""

from __future__ import annotations

import ast
from typing import Any

from urdimbre.sim import ir
from urdimbre.sim import types as T


def complete(
    kernel: Any, args: list[ir.Expr], named: dict[str, ir.Expr], typer: Any, node: Any
) -> list[ir.Expr]:
    """Un valor por parámetro: los que van por su posición, por su nombre y los que faltan."""
    params = [a.arg for a in kernel.definition.node.args.args]
    defaults = _defaults(kernel, typer, node)
    given = dict(zip(params, args, strict=False))
    twice = next((n for n in named if n in given or n not in params), None)
    if twice is not None:
        why = "lo recibe dos veces" if twice in given else "no lo tiene"
        raise typer.fail(f"«{kernel.name}» y el argumento «{twice}»: {why}.", node)
    values = {**defaults, **given, **named}
    if len(args) > len(params) or any(n not in values for n in params):
        raise typer.fail(
            f"«{kernel.name}» lleva {len(params)} argumentos y recibe {len(args) + len(named)}.",
            node,
        )
    return [values[n] for n in params]


def _defaults(kernel: Any, typer: Any, node: Any) -> dict[str, ir.Expr]:
    """Los valores por omisión, que son constantes."""
    spec = kernel.definition.node.args
    names = [a.arg for a in spec.args][len(spec.args) - len(spec.defaults) :]
    known = getattr(kernel.py_func, "__defaults__", None)
    if known is None:
        known = [d.value if isinstance(d, ast.Constant) else ... for d in spec.defaults]
    pairs = zip(names, known, strict=True)
    return {n: _constant(v, typer, node) for n, v in pairs if v is not ...}


def _constant(value: Any, typer: Any, node: Any) -> ir.Expr:
    return ir.Object(T.OBJECT, node.lineno, None) if value is None else typer.wrap(value, node)


def none_as_value(value: ir.Expr) -> ir.Expr:
    """``None`` escrito en la llamada, como un valor que la función puede comparar."""
    if isinstance(value, ir.Object) and value.value is None:
        return ir.Const(T.NONE, value.line, None)
    return value
