"""Instrucciones: de la forma tipada a funciones sobre todos los carriles a la vez.

Cada instrucción se vuelve ``f(run, v, m)`` y devuelve la máscara de quienes siguen. Leyenda:
``run`` la tanda, ``v`` las casillas, ``m`` los carriles activos. Se hace una vez por firma.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from urdimbre.sim.functions import exceptions
from urdimbre.sim.lanes.merging import merge
from urdimbre.sim.lanes.run import LoopState
from urdimbre.sim.lower.expressions import expression
from urdimbre.sim.lower.loops import STARTS
from urdimbre.sim.memory.access import store
from urdimbre.sim.typed import ir
from urdimbre.sim.typed.lowering import Code, indices
from urdimbre.sim.typed.values import either, split


def block(stmts: list[ir.Stmt]) -> Code:
    """Una instrucción tras otra, mientras quede algún carril."""
    steps = [(STATEMENTS[type(s)](s), s.line, s.counts) for s in stmts]

    def execute(run: Any, v: Any, m: Any) -> Any:
        for step, line, counts in steps:
            run.line = line or run.line
            if counts and run.on_step:
                run.step(line, m)
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


def _store(s: ir.Store) -> Code:
    array, index, value, line = expression(s.array), indices(s.index), expression(s.value), s.line

    def execute(run: Any, v: Any, m: Any) -> Any:
        new = value(run, v, m)
        store(run, array(run, v, m), index(run, v, m), new, m, line)
        return m

    return execute


def _store_at(s: ir.StoreAt) -> Code:
    place, value, line = expression(s.place), expression(s.value), s.line

    def execute(run: Any, v: Any, m: Any) -> Any:
        new, at = value(run, v, m), place(run, v, m)
        store(run, at.ref, at.index, new, m, line)
        return m

    return execute


def _store_view(s: ir.StoreView) -> Code:
    target, value, line = expression(s.target), expression(s.value), s.line

    def execute(run: Any, v: Any, m: Any) -> Any:
        ref, new = target(run, v, m), value(run, v, m)
        for index in np.ndindex(*(int(np.max(n)) for n in ref.shape)):
            live = m
            for k, n in zip(index, ref.shape, strict=True):
                live = split(live, k < n)[0] if live is not False else False
            if live is not False:
                store(run, ref, tuple(np.int64(k) for k in index), new, live, line)
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
    if s.frame is not None:
        from urdimbre.sim.lower.together import joined

        return joined(s, test, then, other)

    def execute(run: Any, v: Any, m: Any) -> Any:
        yes, no = split(m, test(run, v, m))
        if run.on_branch:
            run.branch(line, m, yes)
        v[region] = m
        after_yes = then(run, v, yes) if yes is not False else False
        after_no = other(run, v, no) if no is not False else False
        return either(after_yes, after_no) if escapes else m

    return execute


def turns(s: ir.While | ir.For) -> Code:
    """Las vueltas de un ciclo, como generador: entrega quién entra y recibe quién llega al final.

    Devuelve la máscara de quienes siguen después del ciclo.
    """
    start, other = STARTS[type(s)](s), block(s.other)
    line, escapes, region = s.line, s.escapes, s.region

    def iterate(run: Any, v: Any, m: Any) -> Any:
        v[region] = live = m
        ask, enter = start(run, v, m)
        state, done = LoopState(), False
        run.loops.append(state)
        while live is not False:
            run.line = line
            go, stop = split(live, ask(live))
            if run.on_branch:
                run.branch(line, live, go)
            done = either(done, stop)
            if go is False:
                break
            run.spend(line)
            enter(go)
            state.waits = False
            live = either((yield go), state.waits)
        run.loops.pop()
        if done is not False:  # el «else» lo recorren quienes salieron por la condición
            done = other(run, v, done)
        return either(done, state.breaks) if escapes else m

    return iterate


def _loop(s: ir.While | ir.For) -> Code:
    iterate, body = turns(s), block(s.body)

    def execute(run: Any, v: Any, m: Any) -> Any:
        steps, end = iterate(run, v, m), None
        while True:
            try:
                go = steps.send(end)
            except StopIteration as last:
                return last.value
            end = body(run, v, go)

    return execute


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


STATEMENTS: dict[type, Callable[[Any], Code]] = {
    ir.Assign: _assign,
    ir.Store: _store,
    ir.StoreView: _store_view,
    ir.StoreAt: _store_at,
    ir.Do: _do,
    ir.If: _if,
    ir.While: _loop,
    ir.For: _loop,
    ir.Return: _return,
    ir.Break: _break,
    ir.Continue: _continue,
    ir.Raise: exceptions.lowered,
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
