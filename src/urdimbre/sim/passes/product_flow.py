"""A qué sumas llega cada producto de un kernel, y qué otros usos tiene.

Se recorre el kernel una vez, en su orden, con lo que cada casilla puede traer en cada punto. Al
juntarse dos caminos una casilla trae lo de los dos; a la cabecera de un ciclo llega también todo
lo que su cuerpo asigna.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np

from urdimbre.sim.functions.fused import INSIDE
from urdimbre.sim.passes.products import (
    START,
    Group,
    Moment,
    Operand,
    Point,
    Sum,
    Value,
    is_call,
    is_minus,
    is_product,
    is_sum,
)
from urdimbre.sim.typed import ir


class ProductFlow:
    """Recorre una función y llena ``sums``, en el orden del kernel."""

    def __init__(self, fn: ir.Function):
        self.sums: list[Sum] = []
        self.clock = self.epoch = self.depth = 0
        self.made: dict[int, list[Value]] = {}
        self.seen: dict[ir.Apply, Moment] = {}
        self.at = Point({p: frozenset((Value(self._tick()),)) for p in fn.params}, {})
        self.body(fn.body)

    def _tick(self) -> Moment:
        self.clock += 1
        return self.depth, self.clock

    def _after(self, *parts: Moment) -> Moment:
        """Justo después de lo que está listo al último."""
        depth, turn = max(parts, default=START)
        return min(depth, self.depth), turn + 1

    # ---- instrucciones ----

    def body(self, stmts: list[ir.Stmt]) -> None:
        for s in stmts:
            VISIT.get(type(s), ProductFlow.plain)(self, s)

    def plain(self, s: ir.Stmt) -> None:
        for part in _children(s):
            self.value(part)
        self.epoch += isinstance(s, ir.Store | ir.StoreAt | ir.StoreView | ir.Do)

    def assign(self, s: ir.Assign) -> None:
        if is_product(s.value):
            ready, group = self.product(s.value)
            new = Value(ready, s, group)
        else:
            new = Value(self.value(s.value))
        self.at.slots[s.slot] = frozenset((new,))
        self.made.setdefault(s.slot, []).append(new)

    def branch(self, s: ir.If) -> None:
        self.value(s.test)
        before = self.at
        ends = []
        for part in (s.then, s.other):
            self.at = before.copy()
            self.body(part)
            ends.append(self.at.slots)
        self.at = Point(self._join(*ends), before.known)

    def loop(self, s: ir.While | ir.For) -> None:
        before = self.at
        if isinstance(s, ir.For):
            for part in (s.start, s.stop, s.step):
                self.value(part)
        header, carried = dict(before.slots), {}
        self.depth += 1
        for slot in _assigned([s]):
            carried[slot] = Value(self._tick())
            header[slot] = before.slots.get(slot, frozenset()) | {carried[slot]}
        start = {slot: len(self.made.get(slot, [])) for slot in carried}
        self.epoch += 1
        self.at = Point(dict(header), before.known.copy())
        if isinstance(s, ir.While):
            self.value(s.test)
        self.body(s.body)
        self.depth -= 1
        self.at = Point(dict(header), before.known.copy())
        self.body(s.other)
        self.at = Point(self._join(header, self.at.slots), before.known)
        self._link(carried, start)

    def _link(self, carried: dict[int, Value], start: dict[int, int]) -> None:
        """Lo que se arrastra es algo de lo que el cuerpo asignó."""
        for slot, value in carried.items():
            value.carried = self.made.get(slot, [])[start[slot] :]
            if value.read:
                value.read = False
                value.keep()

    def _join(self, *ends: dict[int, frozenset[Value]]) -> dict[int, frozenset[Value]]:
        every = set().union(*ends)
        return {n: frozenset().union(*(e.get(n, frozenset()) for e in ends)) for n in every}

    # ---- expresiones: cada una devuelve cuándo está lista ----

    def value(self, e: Any) -> Moment:
        """Una expresión cuyo valor hace falta tal cual."""
        if is_product(e):
            ready, group = self.product(e)
            group.kept = True
            return ready
        if isinstance(e, ir.Var):
            return self.variable(e)
        if is_sum(e):
            return self.sum(e)
        return self.other(e)

    def variable(self, e: ir.Var) -> Moment:
        found = self.at.slots.get(e.slot, frozenset())
        for value in found:
            value.keep()
        return max((v.ready for v in found), default=START)

    def other(self, e: Any) -> Moment:
        if isinstance(e, ir.Const):
            return START
        if isinstance(e, ir.Let):
            self.body(e.steps)
            return self.value(e.body)
        if isinstance(e, ir.Apply):
            e.run = INSIDE.get((e.run, getattr(e.type, "kind", "")), e.run)
        parts = [self.value(c) for c in _children(e)]
        if isinstance(e, ir.Apply | ir.Cast) and not is_call(e):
            return parts[0] if is_minus(e) else self._after(*parts)
        self.epoch += isinstance(e, ir.Atomic | ir.Call | ir.Sync | ir.Warp)
        return self._tick()

    def product(self, e: ir.Apply) -> tuple[Moment, Group]:
        key = self.key(e)
        ready = self._after(*[self.value(a) for a in e.args])
        return ready, self.at.known.setdefault(key, Group())

    def sum(self, e: ir.Apply) -> Moment:
        if e in self.seen:  # en «a < b < c», b se evalúa dos veces y es el mismo nodo
            return self.seen[e]
        made = Sum(e, [self.side(a) for a in e.args])
        for k, side in enumerate(made.sides):
            if side.group is not None:
                side.group.uses.append((made, k))
        self.sums.append(made)
        self.seen[e] = self._after(*[s.ready for s in made.sides])
        return self.seen[e]

    def side(self, e: ir.Expr) -> Operand:
        """Un lado de una suma, sin sus signos."""
        core, minus, inside = e, False, []
        while is_minus(core) or isinstance(core, ir.Let):
            if isinstance(core, ir.Let):
                self.body(core.steps)
                inside.append(core)
                core = core.body
            else:
                core, minus = core.args[0], not minus
        if is_product(core):
            ready, group = self.product(core)
            return Operand(minus, ready, core, group, inside=tuple(inside))
        found = self.at.slots.get(core.slot, ()) if isinstance(core, ir.Var) else ()
        only = next(iter(found)) if len(found) == 1 else None
        if only is None or only.group is None:
            return Operand(minus, self.value(core))
        return Operand(minus, only.ready, only.assign.value, only.group, only.assign, tuple(inside))

    def key(self, e: Any) -> Any:
        """Igual para dos escrituras del mismo valor en un mismo camino."""
        if isinstance(e, ir.Const):
            return (e.type, e.value.tobytes())
        if isinstance(e, ir.Var):
            return (e.slot, self.at.slots.get(e.slot))
        if isinstance(e, ir.Special):
            return e.name
        if isinstance(e, ir.Cast):
            return (e.type, self.key(e.arg))
        if isinstance(e, ir.Apply):
            keys = [self.key(a) for a in e.args]
            return (e.run, frozenset(keys) if e.run is np.multiply else tuple(keys))
        if isinstance(e, ir.Load):
            return (self.epoch, self.key(e.array), *(self.key(i) for i in e.index))
        return object()


VISIT = {
    ir.Assign: ProductFlow.assign,
    ir.If: ProductFlow.branch,
    ir.While: ProductFlow.loop,
    ir.For: ProductFlow.loop,
}


def _children(node: Any) -> Iterator[Any]:
    """Las expresiones de un nodo, en el orden en que se evalúan."""
    for f in fields(node):
        if f.name not in ("type", "function", "functions"):
            yield from _expressions(getattr(node, f.name))


def _expressions(part: Any) -> Iterator[Any]:
    if isinstance(part, ir.Expr):
        yield part
    elif isinstance(part, ir.Slice):
        yield from _children(part)
    elif isinstance(part, tuple):
        for p in part:
            yield from _expressions(p)


def _assigned(stmts: list[ir.Stmt]) -> set[int]:
    """Las casillas que cambia un ciclo."""
    out: set[int] = set()
    for s in stmts:
        if isinstance(s, ir.Assign | ir.For):
            out.add(s.slot)
        for part in ("then", "other", "body"):
            out |= _assigned(getattr(s, part, []))
    return out
