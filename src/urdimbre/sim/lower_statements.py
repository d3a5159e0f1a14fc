"""Instrucciones: de la forma tipada a funciones sobre todos los carriles a la vez.

Cada instrucción se vuelve ``f(run, v, m)`` y devuelve la máscara de quienes siguen. Leyenda:
``run`` la tanda, ``v`` las casillas, ``m`` los carriles activos. Se hace una vez por firma.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import ir
from .access import store
from .lower_expressions import Code, expression, indices
from .memory import ArrayRef
from .run import LoopState
from .values import either, split


def block(stmts: list[ir.Stmt]) -> Code:
    """Una instrucción tras otra, mientras quede algún carril."""
    steps = [(STATEMENTS[type(s)](s), s.line) for s in stmts]

    def execute(run: Any, v: Any, m: Any) -> Any:
        for step, line in steps:
            run.line = line or run.line
            m = step(run, v, m)
            if m is False:
                return False
        return m

    return execute


def _assign(s: ir.Assign) -> Code:
    slot, value, region = s.slot, expression(s.value), s.merge
    if region is None:

        def put(run: Any, v: Any, m: Any) -> Any:
            v[slot] = value(run, v, m)
            return m

    else:

        def put(run: Any, v: Any, m: Any) -> Any:
            new = value(run, v, m)
            v[slot] = new if m is v[region] else merge(m, new, v[slot])
            return m

    return put


def merge(m: Any, new: Any, old: Any) -> Any:
    """Como ``select``, también para tuplas y arreglos."""
    if old is None or m is True:
        return new
    if isinstance(new, tuple):
        return tuple(merge(m, a, b) for a, b in zip(new, old, strict=True))
    if isinstance(new, ArrayRef):
        return _merge_views(m, new, old)
    return np.where(m, new, old)


def _merge_views(m: Any, new: ArrayRef, old: ArrayRef) -> ArrayRef:
    if new.store is not old.store or new.strides != old.strides:
        raise ValueError("una variable apunta a arreglos distintos según el hilo")
    shape = tuple(merge(m, np.int64(a), np.int64(b)) if a is not b else a
                  for a, b in zip(new.shape, old.shape, strict=True))  # fmt: skip
    return ArrayRef(new.store, new.info, shape, new.strides, np.where(m, new.offset, old.offset))


def _store(s: ir.Store) -> Code:
    array, index, value, line = expression(s.array), indices(s.index), expression(s.value), s.line

    def execute(run: Any, v: Any, m: Any) -> Any:
        new = value(run, v, m)
        store(run, array(run, v, m), index(run, v, m), new, m, line)
        return m

    return execute


def _store_view(s: ir.StoreView) -> Code:
    target, value, line = expression(s.target), expression(s.value), s.line

    def execute(run: Any, v: Any, m: Any) -> Any:
        ref, new = target(run, v, m), value(run, v, m)
        longest = ref.shape[0]
        for k in range(int(np.max(longest))):
            live = split(m, k < longest)[0]
            if live is not False:
                store(run, ref, (np.int64(k),), new, live, line)
        return m

    return execute


def _do(s: ir.Do) -> Code:
    value = expression(s.value)

    def execute(run: Any, v: Any, m: Any) -> Any:
        value(run, v, m)
        return m

    return execute


def _if(s: ir.If) -> Code:
    test, then, other = expression(s.test), block(s.then), block(s.other)
    line, escapes, region = s.line, s.escapes, s.region

    def execute(run: Any, v: Any, m: Any) -> Any:
        yes, no = split(m, test(run, v, m))
        if run.on_branch:
            run.branch(line, m, yes)
        v[region] = m
        after_yes = then(run, v, yes) if yes is not False else False
        after_no = other(run, v, no) if no is not False else False
        return either(after_yes, after_no) if escapes else m

    return execute


def _while(s: ir.While) -> Code:
    test, body, other = expression(s.test), block(s.body), block(s.other)
    line, escapes, region = s.line, s.escapes, s.region

    def execute(run: Any, v: Any, m: Any) -> Any:
        v[region] = live = m
        state, done, turns = LoopState(), False, 0
        run.loops.append(state)
        while live is not False:
            run.line = line
            go, stop = split(live, test(run, v, live))
            if run.on_branch:
                run.branch(line, live, go)
            done = either(done, stop)
            if go is False:
                break
            turns += 1
            run.spend(turns, line)
            state.waits = False
            live = either(body(run, v, go), state.waits)
        run.loops.pop()
        return _after_loop(run, v, m, done, state, other, escapes)

    return execute


def _after_loop(run: Any, v: Any, m: Any, done: Any, state: Any, other: Code, escapes: bool) -> Any:
    """El ``else`` del ciclo lo recorren quienes salieron por la condición."""
    if done is not False:
        done = other(run, v, done)
    return either(done, state.breaks) if escapes else m


def _for(s: ir.For) -> Code:
    start, stop, step = (expression(e) for e in (s.start, s.stop, s.step))
    body, other = block(s.body), block(s.other)
    slot, line, escapes, region, keep = s.slot, s.line, s.escapes, s.region, s.merge
    kind = s.dtype.type

    def execute(run: Any, v: Any, m: Any) -> Any:
        v[region] = live = m
        bounds = [e(run, v, m) for e in (start, stop, step)]
        state, done, turns = LoopState(), False, 0
        run.loops.append(state)
        for i, test in counter(bounds):
            go, stopped = split(live, test)
            if run.on_branch:
                run.branch(line, live, go)
            done = either(done, stopped)
            live = go
            if go is False:
                break
            turns += 1
            run.spend(turns, line)
            new = i if isinstance(i, np.ndarray) else kind(i)
            v[slot] = new if keep is None or go is v[keep] else merge(go, new, v[slot])
            state.waits = False
            live = either(body(run, v, go), state.waits)
            run.line = line
            if live is False:
                break
        run.loops.pop()
        return _after_loop(run, v, m, done, state, other, escapes)

    return execute


def counter(bounds: list[Any]) -> Any:
    """Valores del índice y si cada carril sigue; acaba con un último «nadie sigue»."""
    start, stop, step = bounds
    if not any(isinstance(b, np.ndarray) for b in bounds):
        if step != 0:
            yield from ((i, True) for i in range(int(start), int(stop), int(step)))
        yield 0, False
        return
    i = start
    while True:
        yield i, np.where(step > 0, i < stop, i > stop)
        i = i + step


def _return(s: ir.Return) -> Code:
    value = expression(s.value) if s.value is not None else None

    def execute(run: Any, v: Any, m: Any) -> Any:
        if value is not None:
            run.returned = merge(m, value(run, v, m), run.returned)
        run.exited = either(run.exited, m)
        return False

    return execute


def _break(s: ir.Break) -> Code:
    def execute(run: Any, v: Any, m: Any) -> Any:
        state = run.loops[-1]
        state.breaks = either(state.breaks, m)
        return False

    return execute


def _continue(s: ir.Continue) -> Code:
    def execute(run: Any, v: Any, m: Any) -> Any:
        state = run.loops[-1]
        state.waits = either(state.waits, m)
        return False

    return execute


def _raise(s: ir.Raise) -> Code:
    test = expression(s.test) if s.test is not None else None

    def execute(run: Any, v: Any, m: Any) -> Any:
        failed = split(m, test(run, v, m))[1] if test is not None else m
        if failed is not False:
            raise run.fault(f"El kernel lanzó una excepción: {s.message}.", s.line)
        return m

    return execute


STATEMENTS: dict[type, Callable[[Any], Code]] = {
    ir.Assign: _assign,
    ir.Store: _store,
    ir.StoreView: _store_view,
    ir.Do: _do,
    ir.If: _if,
    ir.While: _while,
    ir.For: _for,
    ir.Return: _return,
    ir.Break: _break,
    ir.Continue: _continue,
    ir.Raise: _raise,
}


def function(fn: ir.Function) -> Code:
    """Ejecuta una función con los valores de sus parámetros."""
    body, slots, params = block(fn.body), fn.slots, fn.params

    def execute(run: Any, args: list[Any], m: Any) -> None:
        v: list[Any] = [None] * slots
        for slot, value in zip(params, args, strict=True):
            v[slot] = value
        body(run, v, m)

    return execute
