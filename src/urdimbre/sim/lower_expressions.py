"""Expresiones: de la forma tipada a funciones sobre todos los carriles a la vez.

Cada expresión se vuelve ``f(run, v, m)`` y devuelve su valor. Leyenda: ``run`` la tanda, ``v`` las
casillas, ``m`` los carriles activos. Se hace una vez por firma.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import ir
from . import types as T
from .access import load
from .atomics import atomic
from .flops import flops
from .grid_group import grid_sync
from .memory import ArrayRef, RecordRef, c_strides, reshaped, wrap_negative
from .merging import merge
from .values import convert, split
from .warp import WARP_OPS

Code = Callable[[Any, list[Any], Any], Any]


def expression(node: ir.Expr) -> Code:
    return EXPRESSIONS[type(node)](node)


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
    return _counted(node, per_lane) if per_lane else _plain(node)


def _counted(node: ir.Apply, per_lane: int) -> Code:
    """Una operación que cuenta como FLOP: se anuncia si alguien observa."""
    run_op, parts, line, t = node.run, [expression(a) for a in node.args], node.line, node.type
    a, b = parts if len(parts) == 2 else (None, None)

    def binary(run: Any, v: Any, m: Any) -> Any:
        if run.on_op:
            run.op(line, m, t, per_lane)
        return run_op(a(run, v, m), b(run, v, m))

    def other(run: Any, v: Any, m: Any) -> Any:
        if run.on_op:
            run.op(line, m, t, per_lane)
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


def _make_tuple(node: ir.MakeTuple) -> Code:
    items = [expression(i) for i in node.items]
    return lambda run, v, m: tuple(i(run, v, m) for i in items)


def _tuple_item(node: ir.TupleItem) -> Code:
    source, index, n = expression(node.source), expression(node.index), len(node.source.type.items)

    def evaluate(run: Any, v: Any, m: Any) -> Any:
        items, k = source(run, v, m), index(run, v, m)
        if not isinstance(k, np.ndarray):
            return items[int(k)] if -n <= k < n else items[0]
        return np.choose(np.where(k < 0, k + n, k), items, mode="clip")

    return evaluate


def _special(node: ir.Special) -> Code:
    name = node.name
    return lambda run, v, m: run.values[name]


def _shape(node: ir.Shape) -> Code:
    array, axis = expression(node.array), node.axis

    def evaluate(run: Any, v: Any, m: Any) -> Any:
        n = array(run, v, m).shape[axis]
        return n if isinstance(n, np.ndarray) else np.int64(n)

    return evaluate


def _stride(node: ir.Stride) -> Code:
    array, axis = expression(node.array), node.axis

    def evaluate(run: Any, v: Any, m: Any) -> Any:
        ref = array(run, v, m)
        return np.int64(ref.strides[axis] * ref.store.pitch)

    return evaluate


def _transpose(node: ir.Transpose) -> Code:
    array = expression(node.array)

    def evaluate(run: Any, v: Any, m: Any) -> ArrayRef:
        ref = array(run, v, m)
        return ArrayRef(ref.store, ref.info, ref.shape[::-1], ref.strides[::-1], ref.offset)

    return evaluate


def _reshape(node: ir.Reshape) -> Code:
    array, shape, line = expression(node.array), indices(node.shape), node.line

    def evaluate(run: Any, v: Any, m: Any) -> ArrayRef:
        ref, wanted = array(run, v, m), shape(run, v, m)
        known = [int(n) for n in (*ref.shape, *wanted) if not isinstance(n, np.ndarray)]
        if len(known) < len(ref.shape) + len(wanted):
            raise run.fault("reshape pide la misma forma en todos los hilos.", line)
        try:
            new = reshaped(known[: len(ref.shape)], ref.strides, known[len(ref.shape) :])
        except ValueError:
            raise run.fault(
                f"reshape: {ref.shape} no se puede ver como {tuple(known[len(ref.shape) :])}; el "
                "arreglo debe ser contiguo y tener los mismos elementos.",
                line,
            ) from None
        return ArrayRef(ref.store, ref.info, new, c_strides(new), ref.offset)

    return evaluate


def _declare(node: ir.Declare) -> Code:
    return lambda run, v, m: run.memory.declare(node)


def _load(node: ir.Load) -> Code:
    array, index, line = expression(node.array), indices(node.index), node.line
    return lambda run, v, m: load(run, array(run, v, m), index(run, v, m), m, line)


def indices(nodes: tuple[ir.Expr, ...]) -> Code:
    parts = [expression(n) for n in nodes]
    if len(parts) == 1:
        (a,) = parts
        return lambda run, v, m: (a(run, v, m),)
    if len(parts) == 2:
        a, b = parts
        return lambda run, v, m: (a(run, v, m), b(run, v, m))
    return lambda run, v, m: tuple(p(run, v, m) for p in parts)


def _element(node: ir.Element) -> Code:
    array, index = expression(node.array), indices(node.index)
    return lambda run, v, m: RecordRef(array(run, v, m), index(run, v, m))


def _field(node: ir.Field) -> Code:
    base, name = expression(node.base), node.name
    return lambda run, v, m: base(run, v, m).field(name)


def _load_at(node: ir.LoadAt) -> Code:
    place, line = expression(node.place), node.line

    def evaluate(run: Any, v: Any, m: Any) -> Any:
        at = place(run, v, m)
        return load(run, at.ref, at.index, m, line)

    return evaluate


def _view(node: ir.View) -> Code:
    array, parts = expression(node.array), [_axis(i) for i in node.index]

    def evaluate(run: Any, v: Any, m: Any) -> ArrayRef:
        ref = array(run, v, m)
        offset, shape, strides = ref.offset, [], []
        for part, n, step in zip(parts, ref.shape, ref.strides, strict=True):
            start, length, stride = part(run, v, m, n)
            offset = offset + start * step
            if length is not None:
                shape.append(length)
                strides.append(step * stride)
        return ArrayRef(ref.store, ref.info, tuple(shape), tuple(strides), offset)

    return evaluate


def _axis(part: Any) -> Callable[..., tuple[Any, Any, Any]]:
    """Un índice o una rebanada de una dimensión: (inicio, longitud o None, paso)."""
    if isinstance(part, ir.Slice):
        return _slice_axis(part)
    value = expression(part)

    def at(run: Any, v: Any, m: Any, n: Any) -> tuple[Any, Any, Any]:
        i = value(run, v, m)
        return (wrap_negative(i, n) if np.any(i < 0) else i), None, 1

    return at


def _slice_axis(part: ir.Slice) -> Callable[..., tuple[Any, Any, Any]]:
    ends = [expression(e) if e is not None else None for e in (part.start, part.stop, part.step)]

    def cut(run: Any, v: Any, m: Any, n: Any) -> tuple[Any, Any, Any]:
        start, stop, step = (e(run, v, m) if e is not None else None for e in ends)
        if any(isinstance(x, np.ndarray) for x in (start, stop, step, n)):
            return _lane_slice(start, stop, step, n)
        given = (None if x is None else int(x) for x in (start, stop, step))
        low, high, stride = slice(*given).indices(int(n))
        return low, len(range(low, high, stride)), stride

    return cut


def _lane_slice(start: Any, stop: Any, step: Any, n: Any) -> tuple[Any, Any, Any]:
    """Rebanada distinta en cada carril, de paso uno."""
    if step is not None and np.any(step != 1):
        raise ValueError("una rebanada con límites distintos por hilo solo admite paso 1")
    low = 0 if start is None else np.clip(np.where(start < 0, start + n, start), 0, n)
    high = n if stop is None else np.clip(np.where(stop < 0, stop + n, stop), 0, n)
    return low, np.maximum(high - low, 0), 1


def _atomic(node: ir.Atomic) -> Code:
    array, index, op, line = expression(node.array), indices(node.index), node.op, node.line
    values = [expression(x) for x in node.values]

    def evaluate(run: Any, v: Any, m: Any) -> Any:
        ref, where = array(run, v, m), index(run, v, m)
        given = [x(run, v, m) for x in values]
        return atomic(run, op, ref, where, given, m, line, node.used)

    return evaluate


def _call(node: ir.Call) -> Code:
    from .lower_statements import function

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


def _print(node: ir.Print) -> Code:
    parts = [expression(a) for a in node.args]

    def show(run: Any, v: Any, m: Any) -> None:
        values = [p(run, v, m) for p in parts]
        active = np.flatnonzero(np.broadcast_to(m, run.shape))
        columns = [
            np.broadcast_to(x, run.shape).reshape(-1)[active].tolist()
            if isinstance(x, np.ndarray | np.generic) else [x] * active.size
            for x in values
        ]  # fmt: skip
        for row in zip(*columns, strict=True) if columns else [()] * active.size:
            print(*row)

    return show


EXPRESSIONS: dict[type, Callable[[Any], Code]] = {
    ir.Const: _const,
    ir.Object: _object,
    ir.Var: _var,
    ir.Cast: _cast,
    ir.Apply: _apply,
    ir.Logic: _logic,
    ir.Select: _select,
    ir.MakeTuple: _make_tuple,
    ir.TupleItem: _tuple_item,
    ir.Special: _special,
    ir.Shape: _shape,
    ir.Stride: _stride,
    ir.Transpose: _transpose,
    ir.Reshape: _reshape,
    ir.Declare: _declare,
    ir.Load: _load,
    ir.Element: _element,
    ir.Field: _field,
    ir.LoadAt: _load_at,
    ir.View: _view,
    ir.Atomic: _atomic,
    ir.Call: _call,
    ir.Sync: _sync,
    ir.Warp: _warp,
    ir.Draw: _draw,
    ir.Print: _print,
}
