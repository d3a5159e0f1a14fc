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
from urdimbre.sim.events import WARP
from urdimbre.sim.lanes.run import Run
from urdimbre.sim.lanes.warp import WARP_OPS
from urdimbre.sim.lower.expressions import Code, expression
from urdimbre.sim.lower.stepwise import Waiting, block, branch
from urdimbre.sim.passes.waiting_parts import waits_for_block
from urdimbre.sim.typed import ir
from urdimbre.sim.typed.values import either


def _unable(s: ir.Stmt) -> Code:
    raise UnsupportedError(
        "El orden sorteado no admite una barrera dentro de una condición ni de un «else» de "
        "un ciclo: ponla en una línea aparte.",
        line=s.line,
    )


def _arrive(node: ir.Sync | ir.Warp) -> Code:
    """La barrera, o el voto del bloque con sus valores."""
    if isinstance(node, ir.Sync) and node.kind == "grid":
        raise UnsupportedError(
            "El orden sorteado no admite la barrera de toda la malla: corre el kernel sin él.",
            line=node.line,
        )
    votes = [expression(a) for a in node.args] if isinstance(node, ir.Warp) else []

    def execute(run: Any, v: Any, m: Any) -> Any:
        asked = (node.name, votes[0](run, v, m)) if votes else None
        return (yield node.line, m, asked)

    return execute


BARRIERS = Waiting(waits_for_block, _arrive, branch, _unable)


def scheduled(fn: ir.Function) -> Code:
    """La función, con sus warps en orden sorteado; se llama como la de ``statements``."""
    body = block(fn.body, fn, BARRIERS)

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
