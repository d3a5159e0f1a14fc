"""Correr los warps de uno en uno, en un orden sorteado en cada fase.

En bloque, todos los warps van a la par y una carrera casi nunca se nota. Aquí cada warp es un
generador que corre hasta la siguiente barrera; el orden se sortea con una semilla. Solo las
instrucciones que contienen una barrera necesitan esta forma: el resto es el de siempre.
"""

from __future__ import annotations

import copy
from collections.abc import Generator
from typing import Any

import numpy as np

from urdimbre.errors import UnsupportedError
from urdimbre.sim import ir
from urdimbre.sim.events import WARP
from urdimbre.sim.lower_expressions import Code, expression
from urdimbre.sim.lower_statements import STATEMENTS, turns
from urdimbre.sim.run import Run
from urdimbre.sim.values import either, split
from urdimbre.sim.waiting_parts import apart, syncs
from urdimbre.sim.warp import WARP_OPS


def _block(stmts: list[ir.Stmt], fn: ir.Function) -> Code:
    steps = [(_step(part, fn), syncs(part), part.line) for s in stmts for part in apart(s, fn)]

    def execute(run: Any, v: Any, m: Any) -> Any:
        for step, waits, line in steps:
            run.line = line or run.line
            m = (yield from step(run, v, m)) if waits else step(run, v, m)
            if m is False:
                return False
        return m

    return execute


def _step(s: ir.Stmt, fn: ir.Function) -> Code:
    if not syncs(s):
        return STATEMENTS[type(s)](s)
    build = WAITING.get(type(s))
    plain = build is not None and not syncs(getattr(s, "test", None))
    if not plain or (isinstance(s, ir.While | ir.For) and syncs(s.other)):
        raise UnsupportedError(
            "El orden sorteado no admite una barrera dentro de una condición ni de un «else» de "
            "un ciclo: ponla en una línea aparte.",
            line=s.line,
        )
    return build(s, fn)


def _sync(s: ir.Do, fn: ir.Function) -> Code:
    if s.value.kind == "grid":
        raise UnsupportedError(
            "El orden sorteado no admite la barrera de toda la malla: corre el kernel sin él.",
            line=s.line,
        )

    def execute(run: Any, v: Any, m: Any) -> Any:
        yield s.line, m, None
        return m

    return execute


def _answered(s: ir.Assign, fn: ir.Function) -> Code:
    """``casilla = voto del bloque`` o ``casilla = función con barreras``."""
    return _call(s) if isinstance(s.value, ir.Call) else _vote(s)


def _vote(s: ir.Assign) -> Code:
    name, (value,) = s.value.name, [expression(a) for a in s.value.args]

    def execute(run: Any, v: Any, m: Any) -> Any:
        v[s.slot] = yield s.line, m, (name, value(run, v, m))
        return m

    return execute


def _call(s: ir.Assign) -> Code:
    fn, args = s.value.function, [expression(a) for a in s.value.args]
    body = _block(fn.body, fn)

    def execute(run: Any, v: Any, m: Any) -> Any:
        own: list[Any] = [None] * fn.slots
        for slot, value in zip(fn.params, args, strict=True):
            own[slot] = value(run, v, m)
        saved = run.loops, run.returned, run.exited
        run.loops, run.returned = [], None
        yield from body(run, own, m)
        v[s.slot] = run.returned
        run.loops, run.returned, run.exited = saved
        return m

    return execute


def _if(s: ir.If, fn: ir.Function) -> Code:
    test, then, other = expression(s.test), _block(s.then, fn), _block(s.other, fn)

    def execute(run: Any, v: Any, m: Any) -> Any:
        yes, no = split(m, test(run, v, m))
        if run.on_branch:
            run.branch(s.line, m, yes)
        v[s.region] = m
        after_yes = (yield from then(run, v, yes)) if yes is not False else False
        after_no = (yield from other(run, v, no)) if no is not False else False
        return either(after_yes, after_no) if s.escapes else m

    return execute


def _loop(s: ir.While | ir.For, fn: ir.Function) -> Code:
    iterate, body = turns(s), _block(s.body, fn)

    def execute(run: Any, v: Any, m: Any) -> Any:
        steps, end = iterate(run, v, m), None
        while True:
            try:
                go = steps.send(end)
            except StopIteration as last:
                return last.value
            end = yield from body(run, v, go)

    return execute


WAITING = {ir.Do: _sync, ir.Assign: _answered, ir.If: _if, ir.While: _loop, ir.For: _loop}


def scheduled(fn: ir.Function) -> Code:
    """La función, con sus warps en orden sorteado; se llama como la de ``lower_statements``."""
    body = _block(fn.body, fn)

    def execute(run: Run, args: list[Any], m: Any) -> None:
        draw = np.random.default_rng((run.options.schedule_seed, run.lanes.first_block))
        warps = [_Warp(run, fn, body, args, w) for w in range(run.shape[1])]
        while warps:
            order = draw.permutation(len(warps)).tolist()
            for k in order:
                warps[k].advance()
            run.exited = _union(w.run.exited for w in warps)
            warps = [w for w in warps if w.waiting is not None]
            _meet(run, warps)

    return execute


class _Warp:
    """Un warp de todos los bloques de la tanda, detenido en una barrera o terminado."""

    def __init__(self, run: Run, fn: ir.Function, body: Code, args: list[Any], w: int):
        self.run = copy.copy(run)
        self.run.loops = []
        mine = (np.arange(run.shape[1], dtype=np.int64) == w).reshape(1, -1, 1)
        mask = np.broadcast_to(mine, (1, run.shape[1], WARP)) & run.mask
        v: list[Any] = [None] * fn.slots
        for slot, value in zip(fn.params, args, strict=True):
            v[slot] = value
        self.steps: Generator[Any, Any, Any] = body(self.run, v, mask)
        self.waiting: tuple[int, Any, Any] | None = None
        self.answer: Any = None

    def advance(self) -> None:
        try:
            self.waiting = self.steps.send(self.answer)
        except StopIteration:
            self.waiting = None
        self.answer = None


def _union(masks: Any) -> Any:
    out: Any = False
    for mask in masks:
        out = either(out, mask)
    return out


def _meet(run: Run, warps: list[_Warp]) -> None:
    """Los warps detenidos se juntan, línea por línea, y la barrera se anuncia una vez."""
    for line in dict.fromkeys(w.waiting[0] for w in warps):
        here = [w for w in warps if w.waiting[0] == line]
        mask = _union(w.waiting[1] for w in here)
        mask = run.mask if _everyone(run, mask) else mask
        run.line = line
        if here[0].waiting[2] is None:
            run.barrier(line, mask)
        else:
            _count(run, here, mask, line)


def _count(run: Run, warps: list[_Warp], mask: Any, line: int) -> None:
    """Un voto del bloque: los valores de todos sus warps, y la misma respuesta a cada uno."""
    name, values = warps[0].waiting[2][0], np.zeros(run.shape, np.int64)
    for w in warps:
        values = np.where(w.waiting[1], w.waiting[2][1], values)
    answer = WARP_OPS[name](run, mask, line, values)
    for w in warps:
        w.answer = answer


def _everyone(run: Run, mask: Any) -> bool:
    return bool(
        np.array_equal(np.broadcast_to(mask, run.shape), np.broadcast_to(run.mask, run.shape))
    )
