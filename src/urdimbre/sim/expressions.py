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
from urdimbre.sim import advice, intrinsics, ir, ops
from urdimbre.sim import types as T
from urdimbre.sim.indexing import Indexing
from urdimbre.sim.records import Records
from urdimbre.sim.tuples import Tuples
from urdimbre.sim.values import convert

# Lo que Numba mira para podar una rama.
PLAIN = (ast.Constant, ast.Name, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp,
         ast.expr_context, ast.cmpop, ast.boolop, ast.unaryop, ast.operator)  # fmt: skip

NO_OPTIONAL = (
    "Numba admite una variable que es a veces None; este simulador, no. Usa un valor que sirva de "
    "marca, como -1, o un bool aparte."
)


class Expressions(Indexing, Records, Tuples):
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
            return ir.MakeTuple(T.Tuple(tuple(i.type for i in items)), line, items)
        if isinstance(value, np.ndarray) or hasattr(value, "__urdimbre_device_array__"):
            readonly = isinstance(value, np.ndarray)
            return ir.Object(T.Array(value.dtype, value.ndim, readonly), line, value)
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

    # ---- operaciones ----

    def cast(self, value: ir.Expr, to: Any) -> ir.Expr:
        if value.type == to:
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
            raise self.fail(f"Se esperaba un número y hay {T.name_of(value.type)}.", node)

    def need_real(self, value: ir.Expr, node: Any) -> None:
        self.need_scalar(value, node)
        if value.type.kind == "c":
            raise self.fail("Aquí no se admite un número complejo.", node)

    def apply(
        self, name: str, run: Any, compute: Any, result: Any, args: Any, node: Any
    ) -> ir.Expr:
        """Aplica una función de NumPy con los operandos convertidos a ``compute``."""
        parts = tuple(self.cast(a, compute) for a in args)
        return fold(ir.Apply(result, node.lineno, run, parts, name))

    def binary(self, op: ast.operator, a: ir.Expr, b: ir.Expr, node: Any) -> ir.Expr:
        row = ops.BINARY.get(type(op))
        if row is None:
            raise self.fail("Operador no admitido en un kernel.", node)
        if isinstance(a.type, T.Tuple):
            return self.tuple_binary(op, a, b, node)
        for part in (a, b):
            self._check_operand(row, part, node)
        if row.symbol == "**":
            return self._power(row, a, b, node)
        compute = row.compute(a.type, b.type)
        return self.apply(row.symbol, row.function(compute), compute, compute, (a, b), node)

    def _check_operand(self, row: ops.Op, value: ir.Expr, node: Any) -> None:
        if not T.is_scalar(value.type) or value.type.kind not in row.kinds:
            what = "texto" if isinstance(value.type, T.ObjectType) else T.name_of(value.type)
            hint = advice.for_operand(value)
            raise self.fail(f"El operador «{row.symbol}» no admite {what}.{hint}", node)

    def _power(self, row: ops.Op, a: ir.Expr, b: ir.Expr, node: Any) -> ir.Expr:
        """``x ** 2`` y ``x ** 3`` son productos, como en el compilador."""
        compute = row.compute(a.type, b.type)
        exponent = int(b.value) if isinstance(b, ir.Const) and T.is_int(b.type) else 0
        if exponent in (2, 3):
            run = ops.SMALL_POWERS[exponent, compute.kind in "iu"]
            return self.apply("**", run, compute, compute, (a,), node)
        return self.apply("**", row.function(compute), compute, compute, (a, b), node)

    def do_binary(self, node: ast.BinOp) -> ir.Expr:
        return self.binary(node.op, self.expr(node.left), self.expr(node.right), node)

    def do_unary(self, node: ast.UnaryOp) -> ir.Expr:
        value = self.expr(node.operand)
        self.need_scalar(value, node)
        if isinstance(node.op, ast.Not):
            return self.apply("not", np.logical_not, T.BOOL, T.BOOL, (value,), node)
        wide = T.arithmetic(value.type, value.type)
        if isinstance(node.op, ast.Invert):
            if not T.is_int(value.type):
                raise self.fail("«~» solo se aplica a enteros.", node)
            wide = T.BOOL if value.type == T.BOOL else wide
            return self._narrow_then_wide("~", np.invert, wide, value, node)
        run = np.negative if isinstance(node.op, ast.USub) else np.positive
        if value.type == T.BOOL:
            value = self.cast(value, wide)
        return self._narrow_then_wide("-", run, wide, value, node)

    def _narrow_then_wide(
        self, name: str, run: Any, wide: Any, value: ir.Expr, node: Any
    ) -> ir.Expr:
        """Como el PTX: ``-uint8(1)`` es 255, que después se ensancha a uint64."""
        return self.cast(self.apply(name, run, value.type, value.type, (value,), node), wide)

    def do_logic(self, node: ast.BoolOp) -> ir.Expr:
        kind = "and" if isinstance(node.op, ast.And) else "or"
        last, out = node.values[0], self.expr(node.values[0])
        for part in node.values[1:]:
            if self.decided(last, out):
                if bool(out.value) == (kind == "and"):
                    last, out = part, self.expr(part)
                continue
            right = self.expr(part)
            t = self.common(out, right, node)
            out = ir.Logic(t, node.lineno, kind, self.cast(out, t), self.cast(right, t))
        return out

    def decided(self, node: ast.expr, value: ir.Expr) -> bool:
        """Como Numba: una condición de literales y globales se resuelve al compilar."""
        return isinstance(value, ir.Const) and all(isinstance(n, PLAIN) for n in ast.walk(node))

    def common(self, a: ir.Expr, b: ir.Expr, node: Any) -> Any:
        t = T.unify(a.type, b.type)
        if t is None and any(isinstance(e, ir.Object) and e.value is None for e in (a, b)):
            raise self.fail(f"Uno de los valores es None. {NO_OPTIONAL}", node, UnsupportedError)
        if t is None:
            raise self.fail(
                f"No hay un tipo común para {T.name_of(a.type)} y {T.name_of(b.type)}.", node
            )
        return t

    def do_compare(self, node: ast.Compare) -> ir.Expr:
        left, out = self.expr(node.left), None
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.expr(right_node)
            test = self.compare_one(op, left, right, node)
            out = test if out is None else ir.Logic(T.BOOL, node.lineno, "and", out, test)
            left = right
        return out

    def compare_one(self, op: ast.cmpop, a: ir.Expr, b: ir.Expr, node: Any) -> ir.Expr:
        if isinstance(op, ast.Is | ast.IsNot):
            return self._identity(op, a, b, node)
        if isinstance(op, ast.In | ast.NotIn):
            return self.contains(op, a, b, node)
        if isinstance(a.type, T.Tuple) and isinstance(b.type, T.Tuple):
            return self.tuple_compare(op, a, b, node)
        row = ops.COMPARE[type(op)]
        need = self.need_scalar if row.symbol in ("==", "!=") else self.need_real
        for part in (a, b):
            need(part, node)
        compute = row.compute(a.type, b.type)
        return self.apply(row.symbol, row.run, compute, T.BOOL, (a, b), node)

    def _identity(self, op: ast.cmpop, a: ir.Expr, b: ir.Expr, node: Any) -> ir.Expr:
        known = [isinstance(e, ir.Object) or e.type == T.NONE for e in (a, b)]
        if not any(known):
            raise self.fail("«is» solo sirve para comparar con None.", node)
        same = all(known) and getattr(a, "value", None) is getattr(b, "value", None)
        return self.wrap(same == isinstance(op, ast.Is), node)

    def do_select(self, node: ast.IfExp) -> ir.Expr:
        test = self.truth(self.expr(node.test))
        if self.decided(node.test, test):
            return self.expr(node.body if test.value else node.orelse)
        a, b = self.expr(node.body), self.expr(node.orelse)
        t = self.common(a, b, node)
        return ir.Select(t, node.lineno, test, self.cast(a, t), self.cast(b, t))

    def arity(self, node: ast.Call, args: list[Any], low: int, high: int | None = None) -> None:
        """Comprueba cuántos argumentos lleva una llamada."""
        high = low if high is None else high
        if not low <= len(args) <= high:
            many = str(low) if low == high else f"de {low} a {high}"
            name = ast.unparse(node.func)
            noun = "argumento" if many == "1" else "argumentos"
            raise self.fail(f"«{name}» lleva {many} {noun} y recibe {len(args)}.", node)

    def do_call(self, node: ast.Call) -> ir.Expr:
        from urdimbre.sim.calls import call

        return call(self, node)


def fold(node: ir.Expr) -> ir.Expr:
    """Calcula al tipar lo que solo depende de constantes."""
    if isinstance(node, ir.Cast) and isinstance(node.arg, ir.Const):
        with np.errstate(all="ignore"):
            value = convert(node.arg.type, node.type)(node.arg.value)
        return ir.Const(node.type, node.line, value)
    if isinstance(node, ir.Apply) and all(isinstance(a, ir.Const) for a in node.args):
        with np.errstate(all="ignore"):
            value = node.run(*(a.value for a in node.args))
        literal = node.name == "-" and node.args[0].literal
        return ir.Const(node.type, node.line, node.type.type(value), literal)
    return node


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
