"""Miembros de un ``enum.Enum`` y tuplas con nombres: lo que Python nombra y el kernel solo lee."""

from __future__ import annotations

import ast
import enum
from typing import Any

import numpy as np

from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T

EQUALITY = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)


def member_type(value: enum.Enum) -> T.Member | None:
    """El tipo de un miembro, si los valores de su clase son números o tuplas de ellos."""
    kinds = {(np.asarray(m.value).dtype.name, isinstance(m.value, tuple)) for m in type(value)}
    (name, is_tuple), *others = kinds
    if others or name not in T.SCALARS:
        return None
    return T.Member(type(value), T.I64 if is_tuple else T.SCALARS[name], not is_tuple)


def member_code(value: enum.Enum, kind: T.Member) -> Any:
    """El número que lo distingue: su valor o, si es una tupla, su posición."""
    code = value.value if kind.is_number else list(kind.enum).index(value)
    return kind.dtype.type(code)


def is_member(value: Any) -> bool:
    """Si es de un ``Enum`` cuyos miembros no son ya números."""
    return isinstance(value, enum.Enum) and not isinstance(value, int)


def named(t: T.Tuple, value: Any) -> T.Tuple:
    """El tipo de una tupla, con los nombres de sus partes si los tiene."""
    names = getattr(value, "_fields", ())
    return T.NamedTuple(t.items, tuple(names)) if names else t


def builds_named(value: Any) -> bool:
    """Si es la clase de una tupla con nombres."""
    return isinstance(value, type) and issubclass(value, tuple) and hasattr(value, "_fields")


class Members:
    """La parte de ``Typer`` que los tipa."""

    def member_value(self, base: ir.Expr, node: Any) -> ir.Expr:
        """``miembro.value``; entre comparaciones, el número que lo distingue."""
        if isinstance(base, ir.Const):
            return ir.Const(base.type.dtype, node.lineno, base.value)
        return ir.Apply(base.type.dtype, node.lineno, _same, (base,), "value")

    def compare_members(self, op: ast.cmpop, a: ir.Expr, b: ir.Expr, node: Any) -> ir.Expr:
        """Dos miembros de una misma clase se comparan con ``==``, ``!=`` e ``is``."""
        if not T.same(a.type, b.type) or not isinstance(op, EQUALITY):
            raise self.fail(
                f"No se comparan {T.name_of(a.type)} y {T.name_of(b.type)}: usa == con otro "
                "miembro de la misma clase, o su .value.",
                node,
            )
        same = ast.Eq() if isinstance(op, ast.Eq | ast.Is) else ast.NotEq()
        values = (self.member_value(part, node) for part in (a, b))
        return self.compare_one(same, *values, node)

    def make_named(self, kind: type, args: list[ir.Expr], named: Any, node: Any) -> ir.Expr:
        """``Punto(x, y)``: una tupla con los nombres de ``kind``."""
        given = {**dict(zip(kind._fields, args, strict=False)), **named}
        if set(given) != set(kind._fields) or len(args) + len(named) != len(kind._fields):
            raise self.fail(f"{kind.__name__} lleva {', '.join(kind._fields)}.", node)
        items = tuple(given[n] for n in kind._fields)
        types = tuple(i.type for i in items)
        return ir.MakeTuple(T.NamedTuple(types, kind._fields), node.lineno, items)


def _same(x: Any) -> Any:
    return x
