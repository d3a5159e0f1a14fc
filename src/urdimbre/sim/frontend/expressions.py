"""Del árbol de Python a la forma tipada: expresiones.

Una expresión se tipa mirando los tipos de sus partes en las tablas de ``ops.py`` y ``types.py``;
una llamada, en la tabla ``calls.CALLS``.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from urdimbre.errors import UnsupportedError
from urdimbre.sim.frontend import advice
from urdimbre.sim.frontend.indexing import Indexing
from urdimbre.sim.frontend.members import Members, is_member, member_code, member_type, named
from urdimbre.sim.frontend.operators import NO_OPTIONAL, Operators, fold
from urdimbre.sim.frontend.records import Records
from urdimbre.sim.frontend.tuples import Tuples
from urdimbre.sim.functions import intrinsics
from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T


class Expressions(Operators, Indexing, Records, Tuples, Members):
    """La parte de ``Typer`` que tipa expresiones."""

    def expr(self, node: ast.expr) -> ir.Expr:
        handler = EXPRESSIONS.get(type(node))
        if handler is None:
            raise self.refuse(node)
        return handler(self, node)

    # ---- valores ----

    def do_constant(self, node: ast.Constant) -> ir.Expr:
        if node.value is None or isinstance(node.value, str):
            return ir.Object(T.OBJECT, node.lineno, node.value)
        return self.wrap(node.value, node, literal=True)

    def wrap(self, value: Any, node: Any, *, literal: bool = False) -> ir.Expr:
        """Un valor de Python visto desde el kernel: constante, tupla, arreglo u objeto."""
        line = node.lineno
        if isinstance(value, tuple):
            items = tuple(self.wrap(v, node) for v in value)
            return ir.MakeTuple(named(T.Tuple(tuple(i.type for i in items)), value), line, items)
        if isinstance(value, np.ndarray) or hasattr(value, "__urdimbre_device_array__"):
            readonly = isinstance(value, np.ndarray)
            return ir.Object(T.Array(value.dtype, value.ndim, readonly), line, value)
        if is_member(value) and (kind := member_type(value)):
            return ir.Const(kind, line, member_code(value, kind))
        dtype = self._constant_type(value, node)
        if dtype is None:
            return self._object(value, node)
        return ir.Const(dtype, line, dtype.type(value), literal)

    def _constant_type(self, value: Any, node: Any) -> np.dtype | None:
        if isinstance(value, np.generic):
            return T.SCALARS.get(value.dtype.name)
        if isinstance(value, bool):
            return T.BOOL
        if isinstance(value, int):
            return self._int_type(value, node)
        if isinstance(value, float):
            return T.F64
        return T.C128 if isinstance(value, complex) else None

    def _int_type(self, value: int, node: Any) -> np.dtype:
        if -(1 << 63) <= value < (1 << 63):
            return T.I64
        if 0 <= value < (1 << 64):
            return T.U64
        raise self.fail(f"El entero {value} no cabe en 64 bits.", node)

    def _object(self, value: Any, node: Any) -> ir.Expr:
        if isinstance(value, intrinsics.Value):
            return self.special(value.name, node)
        if isinstance(value, list):
            raise self.fail("Una lista global no se puede usar en un kernel: usa una tupla.", node)
        return ir.Object(T.OBJECT, node.lineno, value)

    def special(self, name: str, node: Any) -> ir.Expr:
        return ir.Special(T.I32, node.lineno, name.removeprefix("cuda."))

    def do_name(self, node: ast.Name) -> ir.Expr:
        if node.id in self.inner:
            return ir.Object(T.OBJECT, node.lineno, self.inner[node.id])
        if node.id in self.locals:
            return self._local(node)
        try:
            return self.wrap(self.source.lookup[node.id], node)
        except KeyError:
            raise self.fail(
                f"El nombre «{node.id}» no está definido: ¿falta importarlo o está mal escrito?",
                node,
            ) from None

    def _local(self, node: ast.Name) -> ir.Expr:
        if node.id in self.aliases:
            return self.aliases[node.id]
        if node.id in self.literals and node.id in self.env:
            return self.literals[node.id]
        t = self.env.get(node.id)
        if t is None:
            raise self.fail(f"La variable «{node.id}» se usa antes de darle un valor.", node)
        if t == T.NONE:
            return ir.Const(T.NONE, node.lineno, None)
        if isinstance(t, T.Conflict) and T.NONE in (t.first, t.second):
            text = f"«{node.id}» es a veces None al llegar aquí. {NO_OPTIONAL}"
            raise self.fail(text, node, UnsupportedError)
        if isinstance(t, T.Conflict):
            raise self.fail(
                f"La variable «{node.id}» puede llegar aquí como {t}: no hay un tipo común.", node
            )
        return ir.Var(t, node.lineno, self.slot(node.id, t), node.id)

    def do_tuple(self, node: ast.Tuple) -> ir.Expr:
        items = tuple(self.expr(e) for e in node.elts)
        return ir.MakeTuple(T.Tuple(tuple(i.type for i in items)), node.lineno, items)

    def items_of(self, value: ir.Expr, node: Any) -> list[ir.Expr]:
        """Los elementos de una tupla, como expresiones."""
        if isinstance(value, ir.MakeTuple):
            return list(value.items)
        if not isinstance(value.type, T.Tuple):
            hint = advice.unpacked(value)
            raise self.fail(f"Se esperaba una tupla y hay {T.name_of(value.type)}.{hint}", node)
        return [self._item(value, k, node) for k in range(len(value.type.items))]

    def _item(self, value: ir.Expr, k: int, node: Any) -> ir.Expr:
        index = ir.Const(T.I64, value.line, np.int64(k), True)
        return ir.TupleItem(value.type.items[k], value.line, value, index)

    # ---- conversiones ----

    def cast(self, value: ir.Expr, to: Any) -> ir.Expr:
        if T.same(value.type, to):
            return value
        if isinstance(to, T.Array) and T.unify(value.type, to) == to:
            return dataclasses.replace(value, type=to)
        if isinstance(to, T.Tuple):
            items = (
                self.cast(i, t) for i, t in zip(self.items_of(value, value), to.items, strict=True)
            )
            return ir.MakeTuple(to, value.line, tuple(items))
        self.need_scalar(value, value)
        if value.type.kind == "c" and to.kind not in "cb":
            raise self.fail("Un complejo no se convierte en real: usa .real o abs().", value)
        out = ir.Cast(to, value.line, value)
        return fold(out) if isinstance(value, ir.Const) else out

    def truth(self, value: ir.Expr) -> ir.Expr:
        if isinstance(value, ir.Object):
            raise self.fail("Esto no tiene valor de verdad dentro de un kernel.", value)
        return self.cast(value, T.BOOL)

    def need_scalar(self, value: ir.Expr, node: Any) -> None:
        if not T.is_scalar(value.type):
            hint = advice.for_operand(value)
            raise self.fail(f"Se esperaba un número y hay {T.name_of(value.type)}.{hint}", node)

    def need_real(self, value: ir.Expr, node: Any) -> None:
        self.need_scalar(value, node)
        if value.type.kind == "c":
            raise self.fail("Aquí no se admite un número complejo.", node)

    def arity(self, node: ast.Call, args: list[Any], low: int, high: int | None = None) -> None:
        """Comprueba cuántos argumentos lleva una llamada."""
        high = low if high is None else high
        if not low <= len(args) <= high:
            many = str(low) if low == high else f"de {low} a {high}"
            name = ast.unparse(node.func)
            noun = "argumento" if many == "1" else "argumentos"
            raise self.fail(f"«{name}» lleva {many} {noun} y recibe {len(args)}.", node)

    def do_call(self, node: ast.Call) -> ir.Expr:
        from urdimbre.sim.frontend.calls import call

        return call(self, node)


EXPRESSIONS: dict[type, Callable[[Any, Any], ir.Expr]] = {
    ast.Constant: Expressions.do_constant,
    ast.Name: Expressions.do_name,
    ast.Tuple: Expressions.do_tuple,
    ast.BinOp: Expressions.do_binary,
    ast.UnaryOp: Expressions.do_unary,
    ast.BoolOp: Expressions.do_logic,
    ast.Compare: Expressions.do_compare,
    ast.IfExp: Expressions.do_select,
    ast.Attribute: Expressions.do_attribute,
    ast.Subscript: Expressions.do_subscript,
    ast.Call: Expressions.do_call,
}
