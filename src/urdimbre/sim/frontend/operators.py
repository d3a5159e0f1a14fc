"""Tipar operaciones: aritmética, lógica, comparaciones y «a if c else b»."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from urdimbre.errors import UnsupportedError
from urdimbre.sim.frontend import advice
from urdimbre.sim.typed import ir, ops
from urdimbre.sim.typed import types as T
from urdimbre.sim.typed.values import convert

# Lo que Numba mira para podar una rama.
PLAIN = (ast.Constant, ast.Name, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp,
         ast.expr_context, ast.cmpop, ast.boolop, ast.unaryop, ast.operator)  # fmt: skip
DIVISIONS = ("/", "//", "%")
NO_OPTIONAL = (
    "Numba admite a medias una variable que es a veces None (en cuentas y en «is None»; no como "
    "condición ni como índice), y este simulador, no. Usa un valor que sirva de marca, como -1, o "
    "un bool aparte."
)


class Operators:
    """La parte de ``Typer`` que tipa operadores."""

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
        if self.debug and row.symbol in DIVISIONS and compute.kind != "c":
            b = self._divisor(b, node)
        return self.apply(row.symbol, row.function(compute), compute, compute, (a, b), node)

    def _divisor(self, value: ir.Expr, node: Any) -> ir.Expr:
        """Con ``debug=True``, Numba comprueba que no sea cero."""
        known = isinstance(value, ir.Const) and value.value != 0
        return value if known else ir.Divisor(value.type, node.lineno, value)

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
        return self.unary(node.op, self.expr(node.operand), node)

    def unary(self, op: ast.unaryop, value: ir.Expr, node: Any) -> ir.Expr:
        self.need_scalar(value, node)
        if isinstance(op, ast.Not):
            return self.apply("not", np.logical_not, T.BOOL, T.BOOL, (value,), node)
        wide = T.arithmetic(value.type, value.type)
        if isinstance(op, ast.Invert):
            if not T.is_int(value.type):
                raise self.fail("«~» solo se aplica a enteros.", node)
            wide = T.BOOL if value.type == T.BOOL else wide
            return self._narrow_then_wide("~", np.invert, wide, value, node)
        run = np.negative if isinstance(op, ast.USub) else np.positive
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
        """Como Numba: una condición de literales, globales y formas se resuelve al compilar."""
        known = isinstance(value, ir.Const) and value.type != T.NONE
        return known and all(_settled(n) for n in ast.walk(node))

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
        if isinstance(a.type, T.Member) and b.type != T.NONE and not isinstance(b, ir.Object):
            return self.compare_members(op, a, b, node)
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


def _settled(node: ast.AST) -> bool:
    """Si Numba mira esa parte al podar: también ``a.ndim`` y ``len(tupla)``."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "len"
    return isinstance(node, PLAIN) or (isinstance(node, ast.Attribute) and node.attr == "ndim")


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
