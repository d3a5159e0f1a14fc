"""Evalúa un programa hilo por hilo: cada hilo es un generador que cede en las barreras."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
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
    """Un hilo: sus variables, sus arreglos y quién es."""

    names: dict[str, Any]
    arrays: dict[str, np.ndarray]
    identity: dict[str, Any]
    devices: dict[str, P.Device]
    shared: dict[str, np.ndarray]


def run(program: P.Program) -> dict[str, np.ndarray]:
    """Ejecuta todos los hilos; devuelve los arreglos como quedan, ``out`` entre ellos."""
    arrays = {name: a.copy() for name, a in program.arrays.items()}
    arrays["out"] = program.out.copy()
    for block in itertools.product(*(range(n) for n in reversed(program.grid))):
        _run_block(program, arrays, tuple(reversed(block)))
    return arrays


def _run_block(program: P.Program, arrays: dict[str, np.ndarray], block: tuple[int, ...]) -> None:
    shared: dict[str, np.ndarray] = {}
    threads = [
        _body(_state(program, arrays, shared, block, tuple(reversed(t))), program.body)
        for t in itertools.product(*(range(n) for n in reversed(program.block)))
    ]
    while threads:
        threads = [t for t in threads if _advance(t)]


def _advance(thread: Iterator[None]) -> bool:
    """Corre un hilo hasta su próxima barrera; ``False`` si terminó."""
    try:
        next(thread)
    except (StopIteration, Leave):
        return False
    return True


def _state(program: P.Program, arrays: Any, shared: Any, block: Any, thread: Any) -> ThreadState:
    identity = {}
    for axis, name in enumerate("xyz"):
        here = {"threadIdx": thread, "blockIdx": block, "blockDim": program.block,
                "gridDim": program.grid}  # fmt: skip
        for special, values in here.items():
            missing = 1 if special.endswith("Dim") else 0
            value = values[axis] if axis < len(values) else missing
            identity[f"{special}.{name}"] = np.int32(value)
    start = thread[0] + block[0] * program.block[0]
    identity["grid(1)"] = np.int64(start)
    devices = {d.name: d for d in program.devices}
    return ThreadState(dict(program.scalars), dict(arrays), identity, devices, shared)


# ---- instrucciones ---------------------------------------------------------------------------


def _body(state: ThreadState, body: list[Any]) -> Iterator[None]:
    for statement in body:
        yield from _STATEMENTS[type(statement)](state, statement)


def _assign(state: ThreadState, s: P.Assign) -> Iterator[None]:
    if s.augmented:
        old = state.names[s.name]
        state.names[s.name] = scalars.binary(s.augmented, old, _value(state, s.value), s.dtype)
    else:
        state.names[s.name] = scalars.cast(_value(state, s.value), s.dtype)
    return
    yield


def _unpack(state: ThreadState, s: P.Unpack) -> Iterator[None]:
    for name, axis in zip(s.names, "xy", strict=True):
        here = (state.identity[f"{special}.{axis}"] for special in ("blockIdx", "blockDim"))
        start = int(next(here)) * int(next(here))
        state.names[name] = np.int64(start + int(state.identity[f"threadIdx.{axis}"]))
    return
    yield


def _swap(state: ThreadState, s: P.Swap) -> Iterator[None]:
    first, second = s.names
    state.names[first], state.names[second] = state.names[second], state.names[first]
    return
    yield


def _view(state: ThreadState, s: P.View) -> Iterator[None]:
    source = state.arrays[s.array]
    state.arrays[s.name] = source[scalars.index(_value(state, s.index), source.shape[0])]
    return
    yield


def _atomic(state: ThreadState, s: P.AtomicAdd) -> Iterator[None]:
    array, i = state.arrays[s.array], int(_value(state, s.index))
    value = scalars.cast(_value(state, s.value), array.dtype)
    array[i] = scalars.wrap(int(array[i]) + int(value), array.dtype)
    return
    yield


def _store(state: ThreadState, s: P.Store) -> Iterator[None]:
    array = state.arrays[s.target.array]
    value = scalars.cast(_value(state, s.value), array.dtype)
    array[_indices(state, s.target)] = value
    return
    yield


def _if(state: ThreadState, s: P.If) -> Iterator[None]:
    yield from _body(state, s.then if scalars.truth(_value(state, s.test)) else s.other)


def _for(state: ThreadState, s: P.For) -> Iterator[None]:
    bounds = [int(_value(state, b)) for b in s.bounds]
    for i in range(*bounds) if len(bounds) < 3 or bounds[2] else ():
        state.names[s.name] = s.dtype.type(i)
        try:
            yield from _body(state, s.body)
        except Leave as leave:
            if leave.word == "break":
                return
            if leave.word == "return":
                raise
    yield from _body(state, s.otherwise)


def _while(state: ThreadState, s: P.While) -> Iterator[None]:
    state.names[s.counter] = np.int64(0)
    while state.names[s.counter] < s.limit and scalars.truth(_value(state, s.test)):
        state.names[s.counter] += np.int64(1)
        try:
            yield from _body(state, s.body)
        except Leave as leave:
            if leave.word == "break":
                return
            if leave.word == "return":
                raise


def _word(state: ThreadState, s: P.Word) -> Iterator[None]:
    raise Leave(s.text)
    yield


def _return_value(state: ThreadState, s: P.ReturnValue) -> Iterator[None]:
    raise Leave("return", _value(state, s.value))
    yield


def _barrier(state: ThreadState, s: P.Barrier) -> Iterator[None]:
    yield


def _declare(state: ThreadState, s: P.Local) -> Iterator[None]:
    if s.space == "shared":
        state.arrays[s.name] = state.shared.setdefault(s.name, np.zeros(s.shape, s.dtype))
    else:
        state.arrays[s.name] = np.zeros(s.shape, s.dtype)
    return
    yield


_STATEMENTS = {
    P.Assign: _assign,
    P.Unpack: _unpack,
    P.Swap: _swap,
    P.View: _view,
    P.AtomicAdd: _atomic,
    P.Store: _store,
    P.If: _if,
    P.For: _for,
    P.While: _while,
    P.Word: _word,
    P.ReturnValue: _return_value,
    P.Barrier: _barrier,
    P.Local: _declare,
}

# ---- expresiones -----------------------------------------------------------------------------


def _value(state: ThreadState, e: P.Expr) -> Any:
    return _EXPRESSIONS[type(e)](state, e)


def _binary(state: ThreadState, e: P.Binary) -> Any:
    return scalars.binary(e.symbol, _value(state, e.left), _value(state, e.right), e.dtype)


def _compare(state: ThreadState, e: P.Compare) -> Any:
    return scalars.compare(e.symbol, _value(state, e.left), _value(state, e.right))


def _logic(state: ThreadState, e: P.Logic) -> Any:
    left = _value(state, e.left)
    decided = scalars.truth(left) == (e.symbol == "or")
    return scalars.cast(left if decided else _value(state, e.right), e.dtype)


def _between(state: ThreadState, e: P.Between) -> Any:
    a, b = _value(state, e.parts[0]), _value(state, e.parts[1])
    if not scalars.compare(e.symbols[0], a, b):
        return np.bool_(False)
    return scalars.compare(e.symbols[1], b, _value(state, e.parts[2]))


def _extreme(state: ThreadState, e: P.Extreme) -> Any:
    values = [_value(state, a) for a in e.args]
    accumulated, steps = values[0].dtype, []
    for value in values[1:]:
        accumulated = types_table.join(accumulated, value.dtype)
        steps.append(accumulated)
    return scalars.extreme(e.name, values, steps)


def _pick(state: ThreadState, e: P.Pick) -> Any:
    values = [_value(state, item) for item in e.items]
    return values[scalars.index(_value(state, e.index), len(values))]


def _cast(state: ThreadState, e: P.Cast) -> Any:
    value = _value(state, e.arg)
    return scalars.rounded(value) if e.function == "round" else scalars.cast(value, e.dtype)


def _choice(state: ThreadState, e: P.Choice) -> Any:
    chosen = e.then if scalars.truth(_value(state, e.test)) else e.other
    return scalars.cast(_value(state, chosen), e.dtype)


def _math(state: ThreadState, e: P.Math) -> Any:
    with np.errstate(all="ignore"):
        return e.dtype.type(EXACT[e.name](scalars.cast(_value(state, e.arg), e.dtype)))


def _element(state: ThreadState, e: P.Element) -> Any:
    return state.arrays[e.array][_indices(state, e)]


def _indices(state: ThreadState, e: P.Element) -> tuple[int, ...]:
    shape = state.arrays[e.array].shape
    values = (_value(state, i) for i in e.indices)
    return tuple(scalars.index(i, n) for i, n in zip(values, shape, strict=True))


def _call(state: ThreadState, e: P.CallDevice) -> Any:
    device = state.devices[e.name]
    args = {n: _value(state, a) for (n, _), a in zip(device.params, e.args, strict=True)}
    inner = ThreadState(args, {}, state.identity, state.devices, state.shared)
    try:
        for _ in _body(inner, device.body):
            raise AssertionError("una función de dispositivo generada no tiene barreras")
    except Leave as leave:
        return scalars.cast(leave.value, device.returns)
    raise AssertionError("la función terminó sin devolver nada")


_EXPRESSIONS = {
    P.Literal: lambda state, e: e.dtype.type(e.value),
    P.Variable: lambda state, e: state.names[e.name],
    P.Thread: lambda state, e: state.identity[e.text],
    P.Unary: lambda state, e: scalars.UNARY[e.symbol](_value(state, e.arg), e.dtype),
    P.Binary: _binary,
    P.Compare: _compare,
    P.Logic: _logic,
    P.Not: lambda state, e: np.bool_(not scalars.truth(_value(state, e.arg))),
    P.Between: _between,
    P.Extreme: _extreme,
    P.Pick: _pick,
    P.Cast: _cast,
    P.Math: _math,
    P.Choice: _choice,
    P.Element: _element,
    P.CallDevice: _call,
}
