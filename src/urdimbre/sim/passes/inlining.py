"""Poner en el lugar de la llamada el cuerpo de una función de dispositivo sencilla.

El compilador real también lo hace, y por eso un producto que devuelve una función se funde con la
suma de quien la llama. Aquí, solo las que asignan y devuelven, sin ramas ni memoria propia.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from urdimbre.sim.typed import ir

PLAIN = (ir.Const, ir.Object, ir.Var, ir.Cast, ir.Apply, ir.Special, ir.Shape, ir.MakeTuple,
         ir.TupleItem, ir.Load, ir.Select, ir.Logic, ir.Let)  # fmt: skip


def inlined(call: ir.Call, new_slot: Callable[[Any], int]) -> ir.Expr:
    """El cuerpo de la función con sus argumentos, o la misma llamada si no es sencilla."""
    *steps, last = call.function.body or [None]
    if not _is_simple(steps, last):
        return call
    slots, made, functions = _Slots(new_slot), [], [call.function]
    for slot, value in zip(call.function.params, call.args, strict=True):
        line = 0
        while isinstance(value, ir.Let):  # f(g(x)): los pasos de g, uno tras otro
            made, functions = made + value.steps, functions + list(value.functions)
            value, line = value.body, value.last
        place = slots.of(slot, value.type)
        made.append(ir.Assign(line or call.line, place, value, counts=line > 0))
    for s in steps:
        new = slots.of(s.slot, s.value.type)
        made.append(ir.Assign(s.line, new, clone(s.value, slots), counts=s.counts))
    body = clone(last.value, slots)
    return ir.Let(call.type, call.line, made, body, tuple(functions), last.line)


def _is_simple(steps: list[ir.Stmt], last: Any) -> bool:
    if not isinstance(last, ir.Return) or last.value is None:
        return False
    if not all(isinstance(s, ir.Assign) for s in steps):
        return False
    parts = [*(s.value for s in steps), last.value]
    return all(isinstance(n, PLAIN) for p in parts for n in _expressions(p))


def _expressions(e: Any) -> list[Any]:
    return [n for n in ir.walk(e) if isinstance(n, ir.Expr)]


class _Slots:
    """Casillas del que llama para las de la función."""

    def __init__(self, new_slot: Callable[[Any], int]):
        self.new_slot = new_slot
        self.known: dict[int, int] = {}

    def of(self, slot: int, t: Any) -> int:
        if slot not in self.known:
            self.known[slot] = self.new_slot(t)
        return self.known[slot]


def clone(node: Any, slots: _Slots) -> Any:
    """Una copia con otras casillas: contraer cambia los nodos en el sitio."""
    if isinstance(node, tuple | list):
        return type(node)(clone(n, slots) for n in node)
    if isinstance(node, ir.Var | ir.Assign):
        changes = {"slot": slots.of(node.slot, getattr(node, "type", None) or node.value.type)}
    elif isinstance(node, ir.Expr):
        changes = {}
    else:
        return node
    skip = ("type", "line", "slot", "functions", "run")
    for f in fields(node):
        if f.name not in skip:
            changes[f.name] = clone(getattr(node, f.name), slots)
    return replace(node, **changes)
