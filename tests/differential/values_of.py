"""El valor de una expresión en un hilo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import program as P
import scalars
import types_table

EXACT = {"floor": np.floor, "ceil": np.ceil, "trunc": np.trunc, "fabs": np.abs, "sqrt": np.sqrt}


class Leave(Exception):
    """``break``, ``continue`` o ``return``."""

    def __init__(self, word: str, value: Any = None):
        self.word, self.value = word, value


@dataclass
class ThreadState:
    """Un hilo: sus variables, sus arreglos, quién es y cómo se ejecuta un cuerpo."""

    names: dict[str, Any]
    arrays: dict[str, np.ndarray]
    identity: dict[str, Any]
    devices: dict[str, P.Device]
    shared: dict[str, np.ndarray]
    body: Callable[[ThreadState, list[Any]], Iterator[None]]


def value_of(state: ThreadState, e: P.Expr) -> Any:
    return _EXPRESSIONS[type(e)](state, e)


def _binary(state: ThreadState, e: P.Binary) -> Any:
    return scalars.binary(e.symbol, value_of(state, e.left), value_of(state, e.right), e.dtype)


def _fused(state: ThreadState, e: P.Fused) -> Any:
    _, product, addend = P.FUSED[e.form]
    a, b, c = (value_of(state, part) for part in e.parts)
    return scalars.fma(product, a, b, addend, c)


def _compare(state: ThreadState, e: P.Compare) -> Any:
    return scalars.compare(e.symbol, value_of(state, e.left), value_of(state, e.right))


def _logic(state: ThreadState, e: P.Logic) -> Any:
    left = value_of(state, e.left)
    decided = scalars.truth(left) == (e.symbol == "or")
    return scalars.cast(left if decided else value_of(state, e.right), e.dtype)


def _between(state: ThreadState, e: P.Between) -> Any:
    a, b = value_of(state, e.parts[0]), value_of(state, e.parts[1])
    if not scalars.compare(e.symbols[0], a, b):
        return np.bool_(False)
    return scalars.compare(e.symbols[1], b, value_of(state, e.parts[2]))


def _extreme(state: ThreadState, e: P.Extreme) -> Any:
    values = [value_of(state, a) for a in e.args]
    accumulated, steps = values[0].dtype, []
    for value in values[1:]:
        accumulated = types_table.join(accumulated, value.dtype)
        steps.append(accumulated)
    return scalars.extreme(e.name, values, steps)


def _pick(state: ThreadState, e: P.Pick) -> Any:
    values = [value_of(state, item) for item in e.items]
    return values[scalars.index(value_of(state, e.index), len(values))]


def _cast(state: ThreadState, e: P.Cast) -> Any:
    value = value_of(state, e.arg)
    return scalars.rounded(value) if e.function == "round" else scalars.cast(value, e.dtype)


def _choice(state: ThreadState, e: P.Choice) -> Any:
    chosen = e.then if scalars.truth(value_of(state, e.test)) else e.other
    return scalars.cast(value_of(state, chosen), e.dtype)


def _math(state: ThreadState, e: P.Math) -> Any:
    with np.errstate(all="ignore"):
        return e.dtype.type(EXACT[e.name](scalars.cast(value_of(state, e.arg), e.dtype)))


def _element(state: ThreadState, e: P.Element) -> Any:
    return state.arrays[e.array][indices_of(state, e)]


def indices_of(state: ThreadState, e: P.Element) -> tuple[int, ...]:
    shape = state.arrays[e.array].shape
    values = (value_of(state, i) for i in e.indices)
    return tuple(scalars.index(i, n) for i, n in zip(values, shape, strict=True))


def _call(state: ThreadState, e: P.CallDevice) -> Any:
    device = state.devices[e.name]
    args = {n: value_of(state, a) for (n, _), a in zip(device.params, e.args, strict=True)}
    inner = ThreadState(args, {}, state.identity, state.devices, state.shared, state.body)
    try:
        for _ in state.body(inner, device.body):
            raise AssertionError("una función de dispositivo generada no tiene barreras")
    except Leave as leave:
        return scalars.cast(leave.value, device.returns)
    raise AssertionError("la función terminó sin devolver nada")


_EXPRESSIONS = {
    P.Literal: lambda state, e: e.dtype.type(e.value),
    P.Variable: lambda state, e: state.names[e.name],
    P.Thread: lambda state, e: state.identity[e.text],
    P.Unary: lambda state, e: scalars.UNARY[e.symbol](value_of(state, e.arg), e.dtype),
    P.Binary: _binary,
    P.Fused: _fused,
    P.Compare: _compare,
    P.Logic: _logic,
    P.Not: lambda state, e: np.bool_(not scalars.truth(value_of(state, e.arg))),
    P.Between: _between,
    P.Extreme: _extreme,
    P.Pick: _pick,
    P.Cast: _cast,
    P.Math: _math,
    P.Choice: _choice,
    P.Element: _element,
    P.CallDevice: _call,
}
