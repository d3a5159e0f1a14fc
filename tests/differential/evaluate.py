"""Evalúa un programa hilo por hilo: cada hilo es un generador que cede en las barreras."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import program as P
import scalars
from collectives import Wait, run_block
from values_of import Leave, ThreadState, indices_of, value_of


def run(program: P.Program) -> dict[str, np.ndarray]:
    """Ejecuta todos los hilos; devuelve los arreglos como quedan, ``out`` entre ellos."""
    arrays = {name: a.copy() for name, a in program.arrays.items()}
    arrays["out"] = program.out.copy()
    for block in itertools.product(*(range(n) for n in reversed(program.grid))):
        _run_block(program, arrays, tuple(reversed(block)))
    return arrays


def _run_block(program: P.Program, arrays: dict[str, np.ndarray], block: tuple[int, ...]) -> None:
    shared: dict[str, np.ndarray] = {}
    run_block([
        _body(_state(program, arrays, shared, block, tuple(reversed(t))), program.body)
        for t in itertools.product(*(range(n) for n in reversed(program.block)))
    ])  # fmt: skip


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
    identity["laneid"] = np.int32(thread[0] % 32)
    identity["grid(1)"] = np.int64(start)
    devices = {d.name: d for d in program.devices}
    return ThreadState(dict(program.scalars), dict(arrays), identity, devices, shared, _body)


# ---- instrucciones ---------------------------------------------------------------------------


def _body(state: ThreadState, body: list[Any]) -> Iterator[None]:
    for statement in body:
        yield from _STATEMENTS[type(statement)](state, statement)


def _assign(state: ThreadState, s: P.Assign) -> Iterator[None]:
    if s.augmented:
        old = state.names[s.name]
        state.names[s.name] = scalars.binary(s.augmented, old, value_of(state, s.value), s.dtype)
    else:
        state.names[s.name] = scalars.cast(value_of(state, s.value), s.dtype)
    return
    yield


def _product(state: ThreadState, s: P.Product) -> Iterator[None]:
    a, b = (value_of(state, f) for f in s.factors)
    state.names[s.name] = scalars.binary("*", a, b, s.dtype)
    for name, symbol, other in s.uses:
        c = value_of(state, other)
        if s.kept:
            state.names[name] = scalars.binary(symbol, state.names[s.name], c, s.dtype)
        else:
            state.names[name] = scalars.fma(1, a, b, 1 if symbol == "+" else -1, c)
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
    state.arrays[s.name] = source[scalars.index(value_of(state, s.index), source.shape[0])]
    return
    yield


def _atomic(state: ThreadState, s: P.AtomicAdd) -> Iterator[None]:
    array, i = state.arrays[s.array], int(value_of(state, s.index))
    value = scalars.cast(value_of(state, s.value), array.dtype)
    array[i] = scalars.wrap(int(array[i]) + int(value), array.dtype)
    return
    yield


def _store(state: ThreadState, s: P.Store) -> Iterator[None]:
    array = state.arrays[s.target.array]
    value = scalars.cast(value_of(state, s.value), array.dtype)
    array[indices_of(state, s.target)] = value
    return
    yield


def _if(state: ThreadState, s: P.If) -> Iterator[None]:
    yield from _body(state, s.then if scalars.truth(value_of(state, s.test)) else s.other)


def _for(state: ThreadState, s: P.For) -> Iterator[None]:
    bounds = [int(value_of(state, b)) for b in s.bounds]
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
    while state.names[s.counter] < s.limit and scalars.truth(value_of(state, s.test)):
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
    raise Leave("return", value_of(state, s.value))
    yield


def _barrier(state: ThreadState, s: P.Barrier) -> Iterator[Wait]:
    yield Wait(id(s))


def _collective(state: ThreadState, s: P.Collective) -> Iterator[Wait]:
    value = value_of(state, s.value)
    value = scalars.cast(value, np.dtype("int32")) if s.mask == 0 else value
    lane = int(value_of(state, s.lane)) if s.lane is not None else 0
    answer = yield Wait(id(s), s.function, s.mask, value, lane)
    state.names[s.name] = answer


def _declare(state: ThreadState, s: P.Local) -> Iterator[None]:
    if s.space == "shared":
        state.arrays[s.name] = state.shared.setdefault(s.name, np.zeros(s.shape, s.dtype))
    else:
        state.arrays[s.name] = np.zeros(s.shape, s.dtype)
    return
    yield


_STATEMENTS = {
    P.Assign: _assign,
    P.Product: _product,
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
    P.Collective: _collective,
    P.Local: _declare,
}
