"""Qué asignaciones deben conservar el valor de los carriles inactivos.

Dentro de un ``if`` o un ciclo solo corren algunos carriles. Una asignación tiene que mezclar lo
nuevo con lo viejo solo si un carril que hoy no corre va a leer luego esa casilla. Se calcula hacia
atrás, como la vida de las variables en cualquier compilador. Así un índice de un ciclo interior
sigue siendo un escalar aunque el ciclo esté dentro de un ``if``.

``merge`` queda en ``None`` (no hace falta mezclar) o en la casilla que guarda la máscara de
entrada de la región más externa que lo exige: si al asignar la máscara es esa misma, tampoco.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from urdimbre.sim.passes.waiting_parts import may_meet
from urdimbre.sim.typed import ir

Slots = frozenset[int]


@dataclass(frozen=True)
class Region:
    """Un ``if`` o un ciclo abierto: su casilla de máscara y lo que leerán quienes no corren."""

    slot: int
    needed: Slots


def mark_merges(fn: ir.Function) -> ir.Function:
    """Anota ``merge`` en cada asignación y da a cada región su casilla de máscara."""
    Marker(fn).block(fn.body, frozenset(), ())
    return fn


def reads(node: Any) -> Slots:
    """Casillas que lee una expresión."""
    if isinstance(node, ir.Var):
        return frozenset((node.slot,))
    if isinstance(node, ir.Expr | ir.Slice):
        skip = ("type", "function", "functions")
        parts = (getattr(node, f.name) for f in fields(node) if f.name not in skip)
        return frozenset().union(*(reads(p) for p in parts))
    if isinstance(node, ir.Assign):  # de una función puesta en su lugar
        return reads(node.value)
    if isinstance(node, tuple | list):
        return frozenset().union(*(reads(p) for p in node))
    return frozenset()


class Marker:
    """Recorre las instrucciones de abajo hacia arriba."""

    def __init__(self, fn: ir.Function):
        self.fn = fn
        self.loops: list[tuple[Slots, Slots]] = []

    def block(self, stmts: list[ir.Stmt], live: Slots, regions: tuple[Region, ...]) -> Slots:
        for stmt in reversed(stmts):
            live = VISIT[type(stmt)](self, stmt, live, regions)
        return live

    def merge_slot(self, slot: int, regions: tuple[Region, ...]) -> int | None:
        return next((r.slot for r in regions if slot in r.needed), None)

    def region_slot(self, stmt: Any) -> int:
        if not hasattr(stmt, "region"):
            stmt.region = self.fn.slots
            self.fn.slots += 1
        return stmt.region

    def assign(self, s: ir.Assign, live: Slots, regions: Any) -> Slots:
        s.merge = self.merge_slot(s.slot, regions)
        kept = live if s.merge is not None else live - {s.slot}
        return kept | reads(s.value)

    def plain(self, s: Any, live: Slots, regions: Any) -> Slots:
        used = (reads(getattr(s, f.name)) for f in fields(s) if f.name != "line")
        return live.union(*used)

    def leave(self, s: Any, live: Slots, regions: Any) -> Slots:
        if isinstance(s, ir.Return):
            return reads(s.value)
        header, after = self.loops[-1]
        return after if isinstance(s, ir.Break) else header

    def branch(self, s: ir.If, live: Slots, regions: Any) -> Slots:
        slot = self.region_slot(s)
        if may_meet(s):
            s.frame, s.after = self.fn, live.union(*(k for loop in self.loops for k in loop))
        other = self.block(s.other, live, (*regions, Region(slot, live)))
        then = self.block(s.then, live, (*regions, Region(slot, live | other)))
        return then | other | reads(s.test)

    def loop(self, s: ir.While | ir.For, live: Slots, regions: Any) -> Slots:
        slot = self.region_slot(s)
        after = self.block(s.other, live, (*regions, Region(slot, live)))
        own = frozenset((s.slot,)) if isinstance(s, ir.For) else frozenset()
        test = reads(s.test) if isinstance(s, ir.While) else frozenset()
        header = after | test
        while True:
            region = Region(slot, after | live | self._waiting(s, header))
            self.loops.append((header, live))
            if own:
                s.merge = self.merge_slot(s.slot, (*regions, region))
            body = self.block(s.body, header, (*regions, region)) - own
            self.loops.pop()
            if body | header == header:
                break
            header = header | body
        bounds = reads((s.start, s.stop, s.step)) if own else frozenset()
        return header | bounds | after | live

    def _waiting(self, s: Any, header: Slots) -> Slots:
        """Quienes hicieron ``continue`` esperan a los demás y luego leen lo de la cabecera."""
        return header if _continues(s.body) else frozenset()


def _continues(stmts: list[ir.Stmt]) -> bool:
    for s in stmts:
        if isinstance(s, ir.Continue):
            return True
        if isinstance(s, ir.If) and (_continues(s.then) or _continues(s.other)):
            return True
    return False


VISIT = {
    ir.Assign: Marker.assign,
    ir.Store: Marker.plain,
    ir.StoreView: Marker.plain,
    ir.StoreAt: Marker.plain,
    ir.Do: Marker.plain,
    ir.Raise: Marker.plain,
    ir.If: Marker.branch,
    ir.While: Marker.loop,
    ir.For: Marker.loop,
    ir.Return: Marker.leave,
    ir.Break: Marker.leave,
    ir.Continue: Marker.leave,
}
