"""Expresiones: de la forma tipada a funciones sobre todos los carriles a la vez.

Cada expresión se vuelve ``f(run, v, m)`` y devuelve su valor. Leyenda: ``run`` la tanda, ``v`` las
casillas, ``m`` los carriles activos. Se hace una vez por firma.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.sim.functions import printing
from urdimbre.sim.functions.exceptions import UNCHECKED, fault
from urdimbre.sim.functions.flops import DOUBLE, flops, in_double, operands
from urdimbre.sim.functions.grid_group import grid_sync
from urdimbre.sim.lanes.merging import merge
from urdimbre.sim.lanes.warp import WARP_OPS
from urdimbre.sim.lower.arrays import ARRAYS
from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T
from urdimbre.sim.typed.lowering import EXPRESSIONS, Code, expression
from urdimbre.sim.typed.values import convert, split


def _const(node: ir.Const) -> Code:
    value = node.value
    return lambda run, v, m: value


def _object(node: ir.Object) -> Code:
    if not isinstance(node.type, T.Array):
        return _const(node)
    value = node.value
    return lambda run, v, m: run.memory.constant(value)


def _var(node: ir.Var) -> Code:
    slot = node.slot
    return lambda run, v, m: v[slot]


def _cast(node: ir.Cast) -> Code:
    arg, to = expression(node.arg), convert(node.arg.type, node.type)
    return lambda run, v, m: to(arg(run, v, m))


def _apply(node: ir.Apply) -> Code:
    per_lane = flops(node)
    return _counted(node, per_lane) if per_lane or in_double(node) else _plain(node)


def _counted(node: ir.Apply, per_lane: int) -> Code:
    """Una operación que se anuncia si alguien observa."""
    run_op, parts, line = node.run, [expression(a) for a in node.args], node.line
    t, types = DOUBLE if in_double(node) else node.type, operands(node)
    a, b = parts if len(parts) == 2 else (None, None)

    def binary(run: Any, v: Any, m: Any) -> Any:
        if run.on_op:
            run.op(line, m, t, per_lane, types)
        return run_op(a(run, v, m), b(run, v, m))

    def other(run: Any, v: Any, m: Any) -> Any:
        if run.on_op:
            run.op(line, m, t, per_lane, types)
        return run_op(*(p(run, v, m) for p in parts))

    return binary if len(parts) == 2 else other


def _plain(node: ir.Apply) -> Code:
    run_op, parts = node.run, [expression(a) for a in node.args]
    if len(parts) == 1:
        (a,) = parts
        return lambda run, v, m: run_op(a(run, v, m))
    if len(parts) == 2:
        a, b = parts
        return lambda run, v, m: run_op(a(run, v, m), b(run, v, m))
    return lambda run, v, m: run_op(*(p(run, v, m) for p in parts))


def _logic(node: ir.Logic) -> Code:
    left, right, is_and = expression(node.left), expression(node.right), node.kind == "and"

    def evaluate(run: Any, v: Any, m: Any) -> Any:
        a = left(run, v, m)
        truth = a if node.type == T.BOOL else a != 0
        yes, no = split(m, truth)
        ask = yes if is_and else no
        if ask is False:
            return a
        return _pick(ask is m, truth if is_and else np.logical_not(truth), right(run, v, ask), a)

    return evaluate


def _pick(whole: bool, where: Any, new: Any, old: Any) -> Any:
    return new if whole else np.where(where, new, old)


def _select(node: ir.Select) -> Code:
    test, then, other = expression(node.test), expression(node.then), expression(node.other)

    def evaluate(run: Any, v: Any, m: Any) -> Any:
        truth = test(run, v, m)
        yes, no = split(m, truth)
        if no is False:
            return then(run, v, yes)
        if yes is False:
            return other(run, v, no)
        return merge(truth, then(run, v, yes), other(run, v, no))

    return evaluate


def _divisor(node: ir.Divisor) -> Code:
    arg = expression(node.arg)
    wrong = ir.Raise(node.line, "división entre cero", kind=ZeroDivisionError)

    def evaluate(run: Any, v: Any, m: Any) -> Any:
        value = arg(run, v, m)
        zero = (value == 0) & m
        if np.any(zero):
            raise fault(run, wrong, zero, UNCHECKED)
        return value

    return evaluate


def _make_tuple(node: ir.MakeTuple) -> Code:
    items = [expression(i) for i in node.items]
    return lambda run, v, m: tuple(i(run, v, m) for i in items)


def _tuple_item(node: ir.TupleItem) -> Code:
    source, index, n = expression(node.source), expression(node.index), len(node.source.type.items)
    wrong = ir.Raise(node.line, "el índice se sale de la tupla", kind=IndexError)

    def evaluate(run: Any, v: Any, m: Any) -> Any:
        items, k = source(run, v, m), index(run, v, m)
        outside = ((k < -n) | (k >= n)) & m
        if np.any(outside):
            raise fault(run, wrong, outside)
        if not isinstance(k, np.ndarray):
            return items[int(k)]
        return np.choose(np.where(k < 0, k + n, k), items, mode="clip")

    return evaluate


def _special(node: ir.Special) -> Code:
    name = node.name
    return lambda run, v, m: run.values[name]


def _call(node: ir.Call) -> Code:
    from urdimbre.sim.lower.statements import function

    args, fn = [expression(a) for a in node.args], node.function
    body = function(fn)

    def evaluate(run: Any, v: Any, m: Any) -> Any:
        given = [a(run, v, m) for a in args]
        saved = run.loops, run.returned, run.exited
        run.loops, run.returned = [], None
        body(run, given, m)
        value = run.returned
        run.loops, run.returned, run.exited = saved
        return value

    return evaluate


def _let(node: ir.Let) -> Code:
    steps = [(s.slot, expression(s.value), s.line if s.counts else 0) for s in node.steps]
    body, last = expression(node.body), node.last

    def evaluate(run: Any, v: Any, m: Any) -> Any:
        for slot, value, line in steps:
            if line and run.on_step:
                run.step(line, m)
            v[slot] = value(run, v, m)
        if last and run.on_step:
            run.step(last, m)
        return body(run, v, m)

    return evaluate


def _sync(node: ir.Sync) -> Code:
    line = node.line
    if node.kind == "grid":
        return lambda run, v, m: grid_sync(run, line, m)
    return lambda run, v, m: run.barrier(line, m)


def _warp(node: ir.Warp) -> Code:
    run_op, line, parts = WARP_OPS[node.name], node.line, [expression(a) for a in node.args]
    return lambda run, v, m: run_op(run, m, line, *(p(run, v, m) for p in parts))


def _draw(node: ir.Draw) -> Code:
    draw, array, index, line = node.run, expression(node.array), expression(node.index), node.line
    return lambda run, v, m: draw(run, array(run, v, m), index(run, v, m), m, line)


EXPRESSIONS.update(ARRAYS)
EXPRESSIONS.update(
    {
        ir.Const: _const,
        ir.Object: _object,
        ir.Var: _var,
        ir.Cast: _cast,
        ir.Apply: _apply,
        ir.Logic: _logic,
        ir.Select: _select,
        ir.Divisor: _divisor,
        ir.MakeTuple: _make_tuple,
        ir.TupleItem: _tuple_item,
        ir.Special: _special,
        ir.Call: _call,
        ir.Let: _let,
        ir.Sync: _sync,
        ir.Warp: _warp,
        ir.Draw: _draw,
        ir.Print: printing.lowered,
    }
)
