"""Instrucciones al azar: asignaciones, ramas y ciclos que siempre terminan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import program as P
import types_table as types
from make_expressions import I32, I64, INTEGER_ONLY, REALS, Expressions

# Hace la escritura con que un hilo se despide, con las variables de ese punto.
Leave = Callable[[], P.Store] | None


class Statements(Expressions):
    """La parte del generador que hace instrucciones."""

    def name(self, prefix: str) -> str:
        self.fresh += 1
        return f"{prefix}{self.fresh}"

    def block(self, size: int, depth: int, *, loop: bool, leave: Leave) -> list[Any]:
        """Instrucciones de una rama o de un ciclo; sus variables nuevas no salen de ahí."""
        saved = dict(self.scope)
        body = [self.statement(depth, loop=loop, leave=leave) for _ in range(size)]
        if leave is not None and self.rng.random() < 0.2:
            body.append(P.If(self.test(1), [leave(), P.Word("return")], []))
        if loop and self.rng.random() < 0.4:
            first, self.scope = self.rng.random() < 0.5, saved
            word = P.Word(self.rng.choice(("break", "continue")))
            body.insert(0 if first else len(body), P.If(self.test(1), [word], []))
        self.scope = saved
        return body

    def statement(self, depth: int, *, loop: bool, leave: Leave) -> Any:
        kind = self.rng.random()
        if depth > 0 and kind < 0.25:
            return self.branch(depth - 1, loop=loop, leave=leave)
        if depth > 0 and kind < 0.45:
            return self.loop(depth - 1, leave=leave)
        if depth > 0 and kind < 0.55:
            return self.while_loop(depth - 1, leave=leave)
        if kind < 0.62:
            return self.swap() or self.update()
        if 0.82 < kind < 0.86:
            return self.product()
        if kind < 0.68 and self.counters:
            return self.count()
        return self.update() if kind < 0.85 else self.define()

    def product(self) -> P.Product:
        """Un producto en una variable, y dos usos: dos sumas, o una suma y otra cosa."""
        t, kept = self.rng.choice(REALS), self.rng.random() < 0.4
        factors = self.factors(t, 1)
        symbols = (self.rng.choice("+-"), "/" if kept else self.rng.choice("+-"))
        uses = tuple((self.name("v"), s, self.shield(self.to(t, self.operand(1))))
                     for s in symbols)  # fmt: skip
        name = self.name("m")
        for used, _, _ in uses:
            self.scope[used] = t
        return P.Product(name, factors, t, uses, kept)

    def swap(self) -> P.Swap | None:
        names = [n for n in self.scope if n.startswith("v")]
        self.rng.shuffle(names)
        same = [(a, b) for a in names for b in names if a < b and self.scope[a] == self.scope[b]]
        return P.Swap(same[0]) if same else None

    def count(self) -> P.AtomicAdd:
        """Una suma atómica de enteros: da igual en qué orden."""
        name = self.rng.choice(list(self.counters))
        return P.AtomicAdd(name, self.small(self.operand(2), self.counters[name]), self.number(2))

    def accumulate(self) -> list[Any]:
        """``s = 0`` y un ciclo que le suma: su tipo es el de las dos cosas."""
        value, name, k = self.shield(self.number(2)), self.name("v"), self.name("k")
        dtype = I64
        for _ in range(4):
            dtype = types.join(dtype, types.pair("a + b", dtype, value.dtype))
        total = types.pair("a + b", dtype, value.dtype)
        add = P.Binary(total, "+", P.Variable(dtype, name), value)
        self.scope[name] = dtype
        loop = P.For(k, I64, (P.Literal(I64, 3),), [P.Assign(name, add, dtype)])
        return [P.Assign(name, P.Literal(I64, 0), dtype), loop]

    def retype(self) -> P.Assign:
        """La misma variable, con otro tipo desde aquí."""
        value = self.expr(2)
        names = [n for n in self.scope if n.startswith("v")]
        name = self.rng.choice(names) if names else self.name("v")
        self.scope[name] = value.dtype
        return P.Assign(name, value, value.dtype)

    def define(self) -> P.Assign:
        value = self.expr(3)
        name = self.name("v")
        self.scope[name] = value.dtype
        return P.Assign(name, value, value.dtype)

    def update(self) -> Any:
        """Cambia una variable sin cambiar su tipo."""
        names = [n for n in self.scope if n.startswith("v")]
        if not names:
            return self.define()
        name = self.rng.choice(names)
        dtype = self.scope[name]
        symbol, value = self.rng.choice(("+", "-", "*", "^", "&")), self.shield(self.expr(2))
        fits = not (symbol in INTEGER_ONLY and "f" in (dtype.kind, value.dtype.kind))
        if fits and types.pair(f"a {symbol}= b", dtype, value.dtype) == dtype and dtype.kind != "f":
            return P.Assign(name, value, dtype, symbol)
        return P.Assign(name, self.to(dtype, self.operand(3)), dtype)

    def branch(self, depth: int, *, loop: bool, leave: Leave) -> P.If:
        test = self.test(2)
        then = self.block(self.rng.randint(1, 3), depth, loop=loop, leave=leave)
        other = []
        if self.rng.random() < 0.6:
            other = self.block(self.rng.randint(1, 2), depth, loop=loop, leave=leave)
        return P.If(test, then, other)

    def loop(self, depth: int, *, leave: Leave) -> P.For:
        bounds, dtype = self.bounds()
        name, saved = self.name("k"), dict(self.scope)
        self.scope[name] = dtype
        body = self.block(self.rng.randint(1, 3), depth, loop=True, leave=leave)
        self.scope = saved
        otherwise = []
        if self.rng.random() < 0.15:
            otherwise = self.block(1, 0, loop=False, leave=None)
        return P.For(name, dtype, bounds, body, otherwise)

    def bounds(self) -> tuple[tuple[P.Expr, ...], np.dtype]:
        kind = self.rng.random()
        if kind < 0.4:
            return (P.Literal(I64, self.rng.randint(0, 5)),), I64
        if kind < 0.6:
            return (P.Cast(I32, "np.int32", self.small(self.operand(1), 6)),), I32
        start, stop = self.small(self.operand(1), 4), self.small(self.operand(1), 9)
        start, stop = (self.to(I64, e) for e in (start, stop))
        if kind < 0.8:
            return (start, stop), I64
        step = self.rng.choice((P.Literal(I64, 2), P.Unary(I64, "-", P.Literal(I64, 1)),
                                self.to(I64, self.small(self.operand(1), 3))))  # fmt: skip
        return (start, stop, step), I64

    def while_loop(self, depth: int, *, leave: Leave) -> P.While:
        counter, saved = self.name("w"), dict(self.scope)
        self.scope[counter] = I64
        test = self.test(2)
        body = self.block(self.rng.randint(1, 3), depth, loop=True, leave=leave)
        self.scope = saved
        return P.While(counter, self.rng.randint(1, 5), test, body)
