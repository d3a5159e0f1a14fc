"""Lo que el compilador infirió: el tipo de cada variable y dónde aparece ``float64``.

Corre en el proceso del compilador; devuelve solo textos y números.
"""

from __future__ import annotations

import operator
from typing import Any

SYMBOLS = {
    operator.add: "+", operator.sub: "-", operator.mul: "*", operator.truediv: "/",
    operator.floordiv: "//", operator.mod: "%", operator.pow: "**", operator.iadd: "+=",
    operator.isub: "-=", operator.imul: "*=", operator.itruediv: "/=", operator.ipow: "**=",
    operator.ifloordiv: "//=", operator.imod: "%=",
}  # fmt: skip
DOUBLE = "float64"


def inference(annotation: Any, args: tuple) -> dict[str, Any]:
    """Variables y promociones de un kernel ya tipado.

    Returns:
        ``variables``: (línea, nombre, tipo) en el orden en que aparecen. ``promotions``: (línea,
        operación, tipos de los operandos, constantes escritas) de cada operación que *pasa* a
        ``float64``; vacía si el kernel recibe arreglos de ``float64``, que entonces se espera.
    """
    assigns = list(_assigns(annotation))
    double = any(DOUBLE in str(getattr(t, "dtype", "")) for t in args)
    return {
        "variables": _variables(assigns, annotation.typemap),
        "promotions": [] if double else _promotions(assigns, annotation.typemap),
    }


def _assigns(annotation: Any) -> Any:
    from numba.cuda.core import ir

    for _, block in sorted(annotation.blocks.items()):
        for inst in block.body:
            if isinstance(inst, ir.Assign):
                yield inst


def _variables(assigns: list, typemap: Any) -> list[tuple[int, str, str]]:
    """La primera vez que cada variable del código toma cada tipo."""
    found: dict[tuple[str, str], int] = {}
    for inst in assigns:
        name = inst.target.name
        kind = str(_plain(typemap[name])) if name in typemap else ""
        own = name.split(".")[0]
        if kind and own.isidentifier() and not own.startswith("_"):
            found.setdefault((own, kind), inst.loc.line)
    rows = [(line, name, kind) for (name, kind), line in found.items()]
    return sorted(rows, key=lambda row: row[0])


def _plain(kind: Any) -> Any:
    """El tipo sin el valor literal: ``Literal[int](2)`` es ``int64``."""
    return getattr(kind, "literal_type", kind)


def _promotions(assigns: list, typemap: Any) -> list[tuple[int, str, tuple, tuple]]:
    constants = _constants(assigns)
    found, promoted = [], set()
    for inst in assigns:
        name, operands = _operation(inst.value)
        if not operands or str(_plain(typemap.get(inst.target.name))) != DOUBLE:
            continue
        promoted.add(inst.target.name)
        if any(v.name in promoted and v.name.startswith("$") for v in operands):
            continue  # sigue de otra que ya se contó
        kinds = tuple(str(_plain(typemap.get(v.name))) for v in operands)
        written = tuple(constants.get(v.name) for v in operands)
        if any(kind != DOUBLE for kind in kinds):  # ahí se pasa, y no antes
            found.append((inst.loc.line, name, kinds, tuple(map(_text, written))))
    return list(dict.fromkeys(found))


def _text(constant: Any) -> str:
    return "" if constant is None else repr(constant)


def _constants(assigns: list) -> dict[str, Any]:
    """Las constantes numéricas, también las que llegan por una variable intermedia."""
    from numba.cuda.core import ir

    found: dict[str, Any] = {}
    for inst in assigns:
        if isinstance(inst.value, ir.Const | ir.Global | ir.FreeVar):
            value = inst.value.value
            if isinstance(value, int | float) and not isinstance(value, bool):
                found[inst.target.name] = value
        elif isinstance(inst.value, ir.Var) and inst.value.name in found:
            found[inst.target.name] = found[inst.value.name]
    return {name: value for name, value in found.items() if name.startswith("$")}


def _operation(value: Any) -> tuple[str, tuple]:
    """Nombre y operandos de una operación aritmética o una llamada; sin operandos si no lo es."""
    from numba.cuda.core import ir

    op = value.op if isinstance(value, ir.Expr) else ""
    if op in ("binop", "inplace_binop"):
        return SYMBOLS.get(value.fn, ""), (value.lhs, value.rhs)
    return ("", tuple(value.args)) if op == "call" else ("", ())
