"""Los argumentos de una función de dispositivo: por nombre, por omisión y ``None``."""

from __future__ import annotations

import ast
from typing import Any

from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T


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


def passed(args: list[ir.Expr]) -> list[ir.Expr]:
    """Una función o un tipo que se pasa como argumento se conoce al compilar."""
    return [_known(a, a.value) if _is_object(a) else a for a in args]


def constants(function: ast.FunctionDef, args: list[ir.Expr]) -> list[ir.Expr]:
    """Los enteros y las tuplas constantes, como argumentos que se conocen al compilar."""
    changed = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and _stores(n)}
    names = [a.arg for a in function.args.args]
    values = [None if n in changed else _integers(a) for n, a in zip(names, args, strict=True)]
    return [a if v is None else _known(a, v) for a, v in zip(args, values, strict=True)]


def _stores(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _is_object(a: ir.Expr) -> bool:
    return isinstance(a, ir.Object) and not isinstance(a.type, T.Array)


def _known(a: ir.Expr, value: Any) -> ir.Expr:
    kind = None if _is_object(a) else a.type
    return ir.Const(T.Known(value, kind), a.line, None)


def _integers(a: ir.Expr) -> Any:
    """El valor de un entero constante o de una tupla de ellos; si no lo es, nada."""
    if isinstance(a, ir.MakeTuple):
        items = tuple(_integers(i) for i in a.items)
        return None if None in items else items
    return a.value if isinstance(a, ir.Const) and T.is_int(a.type) else None
