"""Arreglos, vistas, registros y atómicas: de la forma tipada a funciones sobre los carriles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from urdimbre.sim.memory.access import load
from urdimbre.sim.memory.atomics import atomic
from urdimbre.sim.memory.references import ArrayRef, RecordRef, c_strides, reshaped, wrap_negative
from urdimbre.sim.typed import ir
from urdimbre.sim.typed.lowering import Code, expression, indices


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
        return replace(ref, shape=ref.shape[::-1], strides=ref.strides[::-1])

    return evaluate


def _reshape(node: ir.Reshape) -> Code:
    array, shape, line = expression(node.array), indices(node.shape), node.line

    def evaluate(run: Any, v: Any, m: Any) -> ArrayRef:
        ref, wanted = array(run, v, m), shape(run, v, m)
        known = [int(n) for n in (*ref.shape, *wanted) if not isinstance(n, np.ndarray)]
        if len(known) < len(ref.shape) + len(wanted):
            raise run.fault("reshape pide la misma forma en todos los hilos.", line)
        unit = max(ref.info.dtype.itemsize // ref.store.pitch, 1)
        steps = [s / unit for s in ref.strides]
        try:
            new = reshaped(known[: len(ref.shape)], steps, known[len(ref.shape) :])
        except ValueError:
            raise run.fault(
                f"reshape: {ref.shape} no se puede ver como {tuple(known[len(ref.shape) :])}; el "
                "arreglo debe ser contiguo y tener los mismos elementos.",
                line,
            ) from None
        return replace(ref, shape=new, strides=tuple(unit * s for s in c_strides(new)))

    return evaluate


def _reinterpret(node: ir.Reinterpret) -> Code:
    array, dtype, line = expression(node.array), node.type.dtype, node.line

    def evaluate(run: Any, v: Any, m: Any) -> ArrayRef:
        ref = array(run, v, m)
        try:
            return ref.reinterpreted(dtype)
        except ValueError:
            raise run.fault(
                f"view: {ref.shape} de {ref.info.dtype.name} no se puede ver como {dtype.name}; el "
                "último eje debe ser contiguo y medir un número entero de elementos.",
                line,
            ) from None

    return evaluate


def _declare(node: ir.Declare) -> Code:
    return lambda run, v, m: run.memory.declare(node)


def _load(node: ir.Load) -> Code:
    array, index, line = expression(node.array), indices(node.index), node.line
    return lambda run, v, m: load(run, array(run, v, m), index(run, v, m), m, line)


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
        offset, shape, strides, lead = ref.offset, [], [], ref.lead
        for part, n, step in zip(parts, ref.shape, ref.strides, strict=True):
            start, length, stride = part(run, v, m, n)
            offset = offset + start * step
            if length is not None:
                shape.append(length)
                strides.append(step * stride)
            else:
                lead = (*lead, (stride, n))
        return ArrayRef(ref.store, ref.info, tuple(shape), tuple(strides), offset, lead)

    return evaluate


def _axis(part: Any) -> Callable[..., tuple[Any, Any, Any]]:
    """Un índice o una rebanada de una dimensión: (inicio, longitud, paso).

    De un índice: (inicio, None, el índice tal como se escribió).
    """
    if isinstance(part, ir.Slice):
        return _slice_axis(part)
    value = expression(part)

    def at(run: Any, v: Any, m: Any, n: Any) -> tuple[Any, Any, Any]:
        i = value(run, v, m)
        return (wrap_negative(i, n) if np.any(i < 0) else i), None, i

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


ARRAYS: dict[type, Callable[[Any], Code]] = {
    ir.Shape: _shape,
    ir.Stride: _stride,
    ir.Transpose: _transpose,
    ir.Reinterpret: _reinterpret,
    ir.Reshape: _reshape,
    ir.Declare: _declare,
    ir.Load: _load,
    ir.Element: _element,
    ir.Field: _field,
    ir.LoadAt: _load_at,
    ir.View: _view,
    ir.Atomic: _atomic,
}
