"""Tipar operaciones entre tuplas: unir, repetir, rebanar, comparar y buscar."""

from __future__ import annotations

import ast
from typing import Any

from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T

ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


class Tuples:
    """La parte de ``Typer`` que tipa expresiones con tuplas."""

    def make_tuple(self, items: list[ir.Expr], node: Any) -> ir.Expr:
        parts = tuple(items)
        return ir.MakeTuple(T.Tuple(tuple(i.type for i in parts)), node.lineno, parts)

    def tuple_binary(self, op: ast.operator, a: ir.Expr, b: ir.Expr, node: Any) -> ir.Expr:
        """``(1, 2) + (3,)`` y ``(1, 2) * 3``."""
        both = isinstance(a.type, T.Tuple) and isinstance(b.type, T.Tuple)
        if isinstance(op, ast.Add) and both:
            return self.make_tuple([*self.items_of(a, node), *self.items_of(b, node)], node)
        if isinstance(op, ast.Mult) and isinstance(b, ir.Const) and T.is_int(b.type):
            return self.make_tuple(self.items_of(a, node) * min(int(b.value), 64), node)
        raise self.fail("Con tuplas solo se puede unir (+) o repetir (* constante).", node)

    def tuple_slice(self, base: ir.Expr, part: ast.Slice, node: Any) -> ir.Expr:
        """``t[1:]``: los límites son constantes."""
        ends = [self.expr(e) if e else None for e in (part.lower, part.upper, part.step)]
        if not all(e is None or isinstance(e, ir.Const) for e in ends):
            raise self.fail("Una tupla solo se rebana con límites constantes.", node)
        cut = slice(*(None if e is None else int(e.value) for e in ends))
        return self.make_tuple(self.items_of(base, node)[cut], node)

    def tuple_compare(self, op: ast.cmpop, a: ir.Expr, b: ir.Expr, node: Any) -> ir.Expr:
        """Elemento por elemento, como Python: decide el primero que difiere."""
        left, right = self.items_of(a, node), self.items_of(b, node)
        if isinstance(op, ORDERED):
            return self._order(op, left, right, node)
        equal = self.wrap(len(left) == len(right), node)
        if len(left) == len(right):
            for x, y in zip(left, right, strict=True):
                equal = self._both("and", equal, self.compare_one(ast.Eq(), x, y, node), node)
        return equal if isinstance(op, ast.Eq) else self._not(equal, node)

    def _order(self, op: Any, left: list[ir.Expr], right: list[ir.Expr], node: Any) -> ir.Expr:
        if not left or not right:
            sizes = self.wrap(len(left), node), self.wrap(len(right), node)
            return self.compare_one(op, *sizes, node)
        same = self.compare_one(ast.Eq(), left[0], right[0], node)
        first = self.compare_one(op, left[0], right[0], node)
        rest = self._order(op, left[1:], right[1:], node)
        return ir.Select(T.BOOL, node.lineno, same, rest, first)

    def contains(self, op: ast.cmpop, value: ir.Expr, where: ir.Expr, node: Any) -> ir.Expr:
        """``x in (1, 2, 3)``: solo con tuplas de un tipo."""
        if not isinstance(where.type, T.Tuple) or not where.type.homogeneous:
            raise self.fail("«in» solo busca en una tupla cuyos elementos son de un tipo.", node)
        found = self.wrap(False, node)
        for item in self.items_of(where, node):
            found = self._both("or", found, self.compare_one(ast.Eq(), value, item, node), node)
        return found if isinstance(op, ast.In) else self._not(found, node)

    def _both(self, kind: str, a: ir.Expr, b: ir.Expr, node: Any) -> ir.Expr:
        return ir.Logic(T.BOOL, node.lineno, kind, a, b)

    def _not(self, value: ir.Expr, node: Any) -> ir.Expr:
        return ir.Apply(T.BOOL, node.lineno, _negate, (value,), "not")


def _negate(x: Any) -> Any:
    return x ^ True
