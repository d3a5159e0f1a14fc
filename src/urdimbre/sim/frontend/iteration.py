"""Tipar recorridos: ``range``, arreglos, tuplas, ``enumerate`` y ``zip``."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T


@dataclass(frozen=True)
class Iterable:
    """Algo que se recorre: cuántos elementos tiene y cómo se obtiene el k-ésimo."""

    length: ir.Expr
    item: Callable[[ir.Expr], ir.Expr]


class Iteration:
    """La parte de ``Typer`` que tipa lo que va tras ``in`` en un ``for``."""

    def do_for(self, node: ast.For) -> None:
        if self._called(node.iter) is range and isinstance(node.target, ast.Name):
            return self._for_range(node)
        source = self._iterable(node.iter)
        name = f".i{self.key(node)}"
        parts = [self.wrap(0, node), self.temp(source.length), self.wrap(1, node)]

        def body() -> list[ir.Stmt]:
            saved, self.out = self.out, []
            index = ir.Var(T.I64, node.lineno, self.slot(name, T.I64), name)
            self.store(node.target, source.item(index))
            inner = self.block(node.body)
            out, self.out = self.out + inner, saved
            return out

        self._loop(node, lambda: self._for_once(node, name, T.I64, parts, body))

    def _for_range(self, node: ast.For) -> None:
        start, stop, step = self.range_parts(node.iter)
        kind = self.range_type(start, stop, step)
        parts = [self.temp(self.cast(p, kind)) for p in (start, stop, step)]
        body = lambda: self.block(node.body)  # noqa: E731  se tipa una vez por vuelta
        self._loop(node, lambda: self._for_once(node, node.target.id, kind, parts, body))

    def _for_once(self, node: Any, name: str, kind: Any, parts: list[ir.Expr], body: Any) -> Any:
        slot = self.slot(name, kind)
        self.env[name] = kind
        inside = body()
        escapes = any(isinstance(n, ast.Return) for n in ast.walk(node))
        return inside, lambda other: ir.For(node.lineno, slot, kind, *parts, inside, other, escapes)

    def _called(self, node: ast.expr) -> Any:
        """La función de Python que se llama en ``node``, si es una llamada a un nombre global."""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            return None
        target = self.expr(node.func)
        return target.value if isinstance(target, ir.Object) else None

    def _iterable(self, node: ast.expr) -> Iterable:
        build = ITERABLES.get(self._called(node))
        if build is not None:
            return build(self, node)
        source = self.temp(self.expr(node))
        if isinstance(source.type, T.Array) and source.type.ndim:
            length = ir.Shape(T.I64, node.lineno, source, 0)
            return Iterable(length, lambda k: self._row(source, k, node))
        if isinstance(source.type, T.Tuple) and source.type.homogeneous and source.type.items:
            kind = source.type.items[0]
            length = self.wrap(len(source.type.items), node)
            return Iterable(length, lambda k: ir.TupleItem(kind, node.lineno, source, k))
        raise self.fail(f"No se puede recorrer {T.name_of(source.type)} con «for».", node)

    def _row(self, source: ir.Expr, k: ir.Expr, node: Any) -> ir.Expr:
        if source.type.ndim == 1:
            return self.item(source, (k,), node)
        return self._view(source, (k,), node)

    def _enumerate(self, node: ast.Call) -> Iterable:
        self.arity(node, node.args, 1, 2)
        inner = self._iterable(node.args[0])
        start = self.expr(node.args[1]) if len(node.args) == 2 else self.wrap(0, node)

        def item(k: ir.Expr) -> ir.Expr:
            return self._pair([self.binary(ast.Add(), k, start, node), inner.item(k)], node)

        return Iterable(inner.length, item)

    def _zip(self, node: ast.Call) -> Iterable:
        self.arity(node, node.args, 1, 8)
        inner = [self._iterable(a) for a in node.args]
        length = inner[0].length
        for other in inner[1:]:
            length = self.apply("min", np.minimum, T.I64, T.I64, (length, other.length), node)
        return Iterable(length, lambda k: self._pair([i.item(k) for i in inner], node))

    def _range(self, node: ast.Call) -> Iterable:
        start, stop, step = (self.temp(self.cast(p, T.I64)) for p in self.range_parts(node))
        span = self.binary(ast.Sub(), stop, start, node)
        one = self.wrap(1, node)
        sign = self.apply("sign", np.sign, T.I64, T.I64, (step,), node)
        over = self.binary(ast.Sub(), self.binary(ast.Add(), span, step, node), sign, node)
        length = self.binary(ast.FloorDiv(), over, step, node)
        length = self.apply("max", np.maximum, T.I64, T.I64, (length, self.wrap(0, node)), node)
        scaled = lambda k: self.binary(ast.Mult(), k, step, node)  # noqa: E731
        return Iterable(
            self.binary(ast.Mult(), length, one, node),
            lambda k: self.binary(ast.Add(), start, scaled(k), node),
        )

    def _pair(self, items: list[ir.Expr], node: Any) -> ir.Expr:
        return ir.MakeTuple(T.Tuple(tuple(i.type for i in items)), node.lineno, tuple(items))

    def range_parts(self, node: ast.Call) -> tuple[ir.Expr, ir.Expr, ir.Expr]:
        """Inicio, fin y paso de una llamada a ``range``."""
        parts = [self.expr(a) for a in node.args]
        for part, arg in zip(parts, node.args, strict=True):
            self.index(part, arg)
        if not 1 <= len(parts) <= 3 or node.keywords:
            raise self.fail("range lleva de uno a tres enteros.", node)
        # De tipo bool: lo que nadie escribió no decide el tipo del índice.
        zero, one = self.wrap(False, node), self.wrap(True, node)
        start, stop = (zero, parts[0]) if len(parts) == 1 else (parts[0], parts[1])
        return start, stop, parts[2] if len(parts) == 3 else one

    def range_type(self, start: ir.Expr, stop: ir.Expr, step: ir.Expr) -> np.dtype:
        return T.range_index((start.type, stop.type, step.type))


ITERABLES = {
    builtins.range: Iteration._range,
    builtins.enumerate: Iteration._enumerate,
    builtins.zip: Iteration._zip,
}
