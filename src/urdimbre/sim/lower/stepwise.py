"""Instrucciones que se detienen a esperar: cada una es un generador que entrega a quién espera.

Es la forma de ``statements`` para lo poco que espera a otros hilos; lo demás es lo de
siempre. Qué se espera, y qué se entrega al llegar, lo dice un ``Waiting``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from urdimbre.sim.lower.expressions import Code, expression
from urdimbre.sim.lower.statements import STATEMENTS, turns
from urdimbre.sim.passes.waiting_parts import Waits, apart, inside
from urdimbre.sim.typed import ir
from urdimbre.sim.typed.values import either, split


@dataclass(frozen=True)
class Waiting:
    """Una manera de esperar.

    Attributes:
        waits: qué nodos esperan.
        arrive: ``arrive(nodo)`` da el generador que llega a esa espera y devuelve su respuesta.
        branch: el generador de un ``if`` que espera en alguna rama.
        unable: qué se hace con una instrucción que no se puede detener donde espera.
    """

    waits: Waits
    arrive: Callable[[Any], Code]
    branch: Callable[[ir.If, ir.Function, Waiting], Code]
    unable: Callable[[ir.Stmt], Code]


def block(stmts: list[ir.Stmt], fn: ir.Function, how: Waiting) -> Code:
    """Una instrucción tras otra, mientras quede algún carril."""
    steps = [
        (*_step(part, fn, how), part.line, part.counts)
        for s in stmts
        for part in apart(s, fn, how.waits)
    ]

    def execute(run: Any, v: Any, m: Any) -> Any:
        for step, stops, line, counts in steps:
            run.line = line or run.line
            if counts and run.on_step:
                run.step(line, m)
            m = (yield from step(run, v, m)) if stops else step(run, v, m)
            if m is False:
                return False
        return m

    return execute


def _step(s: ir.Stmt, fn: ir.Function, how: Waiting) -> tuple[Code, bool]:
    """La instrucción, y si se detiene."""
    if not inside(s, how.waits):
        return STATEMENTS[type(s)](s), False
    build = STOPS.get(type(s))
    if build is None or inside(_beforehand(s, how), how.waits):
        return how.unable(s), False
    return build(s, fn, how), True


def _beforehand(s: ir.Stmt, how: Waiting) -> tuple[Any, ...]:
    """Lo que se calcula sin poder detenerse: argumentos, condiciones, el «else» de un ciclo."""
    if isinstance(s, ir.Do | ir.Assign):
        bare = how.waits(s.value) or isinstance(s.value, ir.Call)
        return getattr(s.value, "args", ()) if bare else (s.value,)
    names = ["test", "start", "stop", "step"] + ["other"] * (not isinstance(s, ir.If))
    return tuple(getattr(s, name, None) for name in names)


def _do(s: ir.Do, fn: ir.Function, how: Waiting) -> Code:
    arrive = how.arrive(s.value)

    def execute(run: Any, v: Any, m: Any) -> Any:
        yield from arrive(run, v, m)
        return m

    return execute


def _assign(s: ir.Assign, fn: ir.Function, how: Waiting) -> Code:
    """``casilla = espera`` o ``casilla = función con esperas``."""
    call = isinstance(s.value, ir.Call)
    value = _call(s.value, how) if call else how.arrive(s.value)

    def execute(run: Any, v: Any, m: Any) -> Any:
        v[s.slot] = yield from value(run, v, m)
        return m

    return execute


def _call(e: ir.Call, how: Waiting) -> Code:
    fn, args = e.function, [expression(a) for a in e.args]
    body = block(fn.body, fn, how)

    def execute(run: Any, v: Any, m: Any) -> Any:
        own: list[Any] = [None] * fn.slots
        for slot, value in zip(fn.params, args, strict=True):
            own[slot] = value(run, v, m)
        saved = run.loops, run.returned, run.exited
        run.loops, run.returned = [], None
        yield from body(run, own, m)
        returned = run.returned
        run.loops, run.returned, run.exited = saved
        return returned

    return execute


def branch(s: ir.If, fn: ir.Function, how: Waiting) -> Code:
    """Un ``if``, una rama y después la otra."""
    test, then, other = expression(s.test), block(s.then, fn, how), block(s.other, fn, how)

    def execute(run: Any, v: Any, m: Any) -> Any:
        yes, no = split(m, test(run, v, m))
        if run.on_branch:
            run.branch(s.line, m, yes)
        v[s.region] = m
        after_yes = (yield from then(run, v, yes)) if yes is not False else False
        after_no = (yield from other(run, v, no)) if no is not False else False
        return either(after_yes, after_no) if s.escapes else m

    return execute


def _loop(s: ir.While | ir.For, fn: ir.Function, how: Waiting) -> Code:
    iterate, body = turns(s), block(s.body, fn, how)

    def execute(run: Any, v: Any, m: Any) -> Any:
        steps, end = iterate(run, v, m), None
        while True:
            try:
                go = steps.send(end)
            except StopIteration as last:
                return last.value
            end = yield from body(run, v, go)

    return execute


STOPS = {
    ir.Do: _do,
    ir.Assign: _assign,
    ir.If: lambda s, fn, how: how.branch(s, fn, how),
    ir.While: _loop,
    ir.For: _loop,
}
