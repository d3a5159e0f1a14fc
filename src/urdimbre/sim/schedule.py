"""Correr los warps de uno en uno, en un orden sorteado en cada fase.

En bloque, todos los warps van a la par y una carrera casi nunca se nota. Aquí cada warp es un
generador que corre hasta la siguiente barrera; el orden se sortea con una semilla. Solo las
instrucciones que contienen una barrera necesitan esta forma: el resto es el de siempre.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

from urdimbre.errors import UnsupportedError
from urdimbre.sim import ir
from urdimbre.sim.events import WARP
from urdimbre.sim.lower_expressions import Code, expression
from urdimbre.sim.lower_statements import STATEMENTS, turns
from urdimbre.sim.run import Run
from urdimbre.sim.values import either, split

BLOCK_VOTES = ("syncthreads_count", "syncthreads_and", "syncthreads_or")


def syncs(node: Any) -> bool:
    """Si hay una barrera de bloque en esta parte del kernel."""
    return any(_is_sync(n) for n in ir.walk(node))


def _is_sync(node: Any) -> bool:
    return isinstance(node, ir.Sync) or (isinstance(node, ir.Warp) and node.name in BLOCK_VOTES)


def _block(stmts: list[ir.Stmt]) -> Code:
    steps = [(_step(s), syncs(s), s.line, s.counts) for s in stmts]

    def execute(run: Any, v: Any, m: Any) -> Any:
        for step, waits, line, counts in steps:
            run.line = line or run.line
            if counts and run.on_step:
                run.step(line, m)
            m = (yield from step(run, v, m)) if waits else step(run, v, m)
            if m is False:
                return False
        return m

    return execute


def _step(s: ir.Stmt) -> Code:
    if not syncs(s):
        return STATEMENTS[type(s)](s)
    build = WAITING.get(type(s))
    plain = build is not None and not syncs(getattr(s, "test", None))
    if not plain or (isinstance(s, ir.While | ir.For) and syncs(s.other)):
        raise UnsupportedError(
            "El orden sorteado solo admite syncthreads() como instrucción suelta del kernel.",
            line=s.line,
        )
    return build(s)


def _sync(s: ir.Do) -> Code:
    if isinstance(s.value, ir.Sync) and s.value.kind == "grid":
        raise UnsupportedError(
            "El orden sorteado no admite la barrera de toda la malla: corre el kernel sin él.",
            line=s.line,
        )
    if not isinstance(s.value, ir.Sync):
        raise UnsupportedError(
            "El orden sorteado no admite barreras dentro de funciones de dispositivo.", line=s.line
        )

    def execute(run: Any, v: Any, m: Any) -> Any:
        yield s.line, m
        return m

    return execute


def _if(s: ir.If) -> Code:
    test, then, other = expression(s.test), _block(s.then), _block(s.other)

    def execute(run: Any, v: Any, m: Any) -> Any:
        yes, no = split(m, test(run, v, m))
        if run.on_branch:
            run.branch(s.line, m, yes)
        v[s.region] = m
        after_yes = (yield from then(run, v, yes)) if yes is not False else False
        after_no = (yield from other(run, v, no)) if no is not False else False
        return either(after_yes, after_no) if s.escapes else m

    return execute


def _loop(s: ir.While | ir.For) -> Code:
    iterate, body = turns(s), _block(s.body)

    def execute(run: Any, v: Any, m: Any) -> Any:
        steps, end = iterate(run, v, m), None
        while True:
            try:
                go = steps.send(end)
            except StopIteration as last:
                return last.value
            end = yield from body(run, v, go)

    return execute


WAITING = {ir.Do: _sync, ir.If: _if, ir.While: _loop, ir.For: _loop}


def scheduled(fn: ir.Function) -> Code:
    """La función, con sus warps en orden sorteado; se llama como la de ``lower_statements``."""
    body = _block(fn.body)

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
        self.steps: Iterator[Any] = body(self.run, v, mask)
        self.waiting: tuple[int, Any] | None = None

    def advance(self) -> None:
        self.waiting = next(self.steps, None)


def _union(masks: Any) -> Any:
    out: Any = False
    for mask in masks:
        out = either(out, mask)
    return out


def _meet(run: Run, warps: list[_Warp]) -> None:
    """Los warps detenidos se juntan, línea por línea, y la barrera se anuncia una vez."""
    for line in dict.fromkeys(w.waiting[0] for w in warps):
        mask = _union(w.waiting[1] for w in warps if w.waiting[0] == line)
        run.line = line
        run.barrier(line, run.mask if _everyone(run, mask) else mask)


def _everyone(run: Run, mask: Any) -> bool:
    return bool(
        np.array_equal(np.broadcast_to(mask, run.shape), np.broadcast_to(run.mask, run.shape))
    )
