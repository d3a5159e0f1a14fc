"""Las dos ramas de un ``if`` que se esperan una a otra, como en una GPU desde Volta.

Si las dos tienen una operación que espera a los carriles de su máscara (``syncwarp``, un *shuffle*,
un voto) y un warp se divide entre ellas, no pueden correr una después de la otra: cada rama corre
hasta esa espera, la operación se hace una vez con los carriles de todas y las ramas siguen. Vale
también si las llamadas están en líneas distintas (CUDA C++ Programming Guide, *Independent Thread
Scheduling*; PTX ISA, ``shfl.sync``: esperan la misma operación con la misma máscara).

Los warps que no se dividen, y los ``if`` sin esas esperas, corren como siempre.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from urdimbre.sim.lanes.merging import merge
from urdimbre.sim.lanes.warp import LANE, WARP_OPS
from urdimbre.sim.lower.expressions import Code, expression
from urdimbre.sim.lower.statements import STATEMENTS
from urdimbre.sim.lower.stepwise import Waiting, block
from urdimbre.sim.lower.stepwise import branch as one_after_another
from urdimbre.sim.passes.waiting_parts import waits_for_warp
from urdimbre.sim.typed import ir
from urdimbre.sim.typed.values import either, split


@dataclass(eq=False)
class _Arrival:
    """Una rama llegó a ``name(máscara, …)`` con los carriles ``lanes``, bool ``(B, W, 32)``."""

    name: str
    line: int
    lanes: np.ndarray
    values: list[Any]

    def kind(self) -> tuple[Any, ...]:
        """Lo que hace que dos llegadas sean la misma instrucción."""
        return (self.name, *(np.asarray(value).dtype for value in self.values))


@dataclass(eq=False)
class _Fork:
    """Un ``if`` que divide un warp: sus dos ramas corren a la vez."""

    arms: list[tuple[Any, Any]]


class _Task:
    """Una rama a medias; ``frame``: sus ciclos abiertos, lo que devolvió y quienes terminaron."""

    def __init__(self, steps: Any, frame: Any, lanes: Any = True, parent: Any = None):
        self.steps, self.lanes, self.parent = steps, lanes, parent
        self.frame = list(frame[0]), frame[1], frame[2]
        self.waiting: _Arrival | None = None
        self.answer: Any = None
        self.after: Any = False
        self.children: list[_Task] = []

    def advance(self, run: Any) -> Any:
        """Corre hasta lo próximo que espera; ``None`` si terminó."""
        saved = run.loops, run.returned, run.exited
        run.loops, run.returned, run.exited = self.frame
        try:
            return self.steps.send(self.answer)
        except StopIteration as last:
            self.after = last.value
            return None
        finally:
            self.frame = run.loops, run.returned, run.exited
            run.loops, run.returned, run.exited = saved


def _together(run: Any, root: Any) -> Any:
    """Corre una rama y las que salgan de ella hasta que todas terminan."""
    first = _Task(root, (run.loops, run.returned, run.exited))
    every, ready, waiting = [first], [first], []
    while ready:
        task = ready.pop(0)
        found = task.advance(run)
        if isinstance(found, _Fork):
            task.children = [_Task(steps, task.frame, m, task) for steps, m in found.arms]
            every += task.children
            ready = task.children + ready
        elif found is not None:
            task.waiting = found
            waiting.append(task)
        elif task.parent is not None:
            ready += _joined(task)
        if not ready and waiting:
            ready = _release(run, waiting, reduce(either, (t.frame[2] for t in every)))
            waiting = [t for t in waiting if t not in ready]
    _, run.returned, run.exited = first.frame
    return first.after


def _joined(task: _Task) -> list[_Task]:
    """Quien esperaba a sus dos ramas, si esta era la última."""
    parent = task.parent
    task.steps = None
    if any(child.steps is not None for child in parent.children):
        return []
    parent.answer = [child.after for child in parent.children]
    loops, returned, exited = parent.frame
    for child in parent.children:
        if child.frame[1] is not returned:
            returned = merge(child.lanes, child.frame[1], returned)
        exited = either(exited, child.frame[2])
    parent.frame = loops, returned, exited
    return [parent]


def _release(run: Any, waiting: list[_Task], exited: Any) -> list[_Task]:
    """Hace una operación a la que llegaron todos; si no hay, cada rama hace la suya sola.

    ``exited``: quienes ya terminaron, en cualquiera de las ramas.
    """
    saved, run.exited = run.exited, exited
    group = _complete(run, waiting)
    for tasks in [group] if group else [[task] for task in waiting]:
        _meet(run, tasks)
    run.exited = saved
    return group or list(waiting)


def _complete(run: Any, waiting: list[_Task]) -> list[_Task]:
    """Las llegadas a una misma operación entre las que no falta nadie; vacía si no las hay."""
    for kind in dict.fromkeys(t.waiting.kind() for t in waiting):
        group = [t for t in waiting if t.waiting.kind() == kind]
        while group:
            lacking = _lacking(run, [t.waiting for t in group])
            if not lacking:
                return group
            group = [t for k, t in enumerate(group) if k not in lacking]
    return []


def _lacking(run: Any, arrivals: list[_Arrival]) -> set[int]:
    """Cuáles esperan a un carril que no llegó con su misma máscara."""
    alive = np.broadcast_to(np.asarray(run.mask) & ~np.asarray(run.exited), run.shape)
    bits = np.zeros(run.shape, np.int64)
    here = np.zeros(run.shape, bool)
    for a in arrivals:
        bits, here = np.where(a.lanes, a.values[0], bits), here | a.lanes
    found = set()
    for k, a in enumerate(arrivals):
        for mask in np.unique(np.broadcast_to(a.values[0], run.shape)[a.lanes]):
            mine = (a.lanes & (bits == mask)).any(axis=2, keepdims=True)
            named = ((mask >> LANE) & 1 != 0) & mine & alive
            if (named & ~(here & (bits == mask))).any():
                found.add(k)
    return found


def _meet(run: Any, tasks: list[_Task]) -> None:
    """Una sola operación con los carriles y los valores de todas las ramas."""
    arrivals = [t.waiting for t in tasks]
    first, lanes, values = arrivals[0], arrivals[0].lanes, arrivals[0].values
    for a in arrivals[1:]:
        lanes = lanes | a.lanes
        values = [np.where(a.lanes, new, old) for new, old in zip(a.values, values, strict=True)]
    run.line = first.line
    answer = WARP_OPS[first.name](run, lanes, first.line, *values)
    for task in tasks:
        task.waiting, task.answer = None, answer


def _arrive(node: ir.Warp) -> Code:
    parts = [expression(a) for a in node.args]

    def execute(run: Any, v: Any, m: Any) -> Any:
        values = [p(run, v, m) for p in parts]
        return (yield _Arrival(node.name, node.line, np.broadcast_to(m, run.shape), values))

    return execute


def _branch(s: ir.If, fn: ir.Function, how: Waiting) -> Code:
    if s.frame is None:
        return one_after_another(s, fn, how)
    test, arms = expression(s.test), [block(b, fn, how) for b in (s.then, s.other)]

    def execute(run: Any, v: Any, m: Any) -> Any:
        yes, no = split(m, test(run, v, m))
        if run.on_branch:
            run.branch(s.line, m, yes)
        v[s.region] = m
        after = yield from _both(run, v, s, arms, (yes, no))
        return either(*after) if s.escapes else m

    return execute


def _both(run: Any, v: Any, s: ir.If, arms: list[Code], lanes: tuple[Any, Any]) -> Any:
    """Las dos ramas, cada una con sus casillas; después, cada carril se queda con las suyas."""
    if any(k is False for k in lanes):
        k = int(lanes[0] is False)
        after = [False, False]
        after[k] = yield from arms[k](run, v, lanes[k])
        return after
    own = [list(v), list(v)]
    after = yield _Fork([(arms[k](run, own[k], lanes[k]), lanes[k]) for k in (0, 1)])
    for slot in s.after:
        then, other = own[0][slot], own[1][slot]
        v[slot] = other if then is None or then is other else merge(lanes[0], then, other)
    return after


BRANCHES = Waiting(waits_for_warp, _arrive, _branch, lambda s: STATEMENTS[type(s)](s))


def joined(s: ir.If, test: Code, then: Code, other: Code) -> Code:
    """El ``if`` que divide un warp entre dos ramas que esperan; si no lo divide, el de siempre."""
    arms = [block(b, s.frame, BRANCHES) for b in (s.then, s.other)]

    def execute(run: Any, v: Any, m: Any) -> Any:
        yes, no = split(m, test(run, v, m))
        if run.on_branch:
            run.branch(s.line, m, yes)
        v[s.region] = m
        if _divides(run, yes, no):
            after_yes, after_no = _together(run, _both(run, v, s, arms, (yes, no)))
        else:
            after_yes = then(run, v, yes) if yes is not False else False
            after_no = other(run, v, no) if no is not False else False
        return either(after_yes, after_no) if s.escapes else m

    return execute


def _divides(run: Any, yes: Any, no: Any) -> bool:
    """Si algún warp tiene carriles en las dos ramas."""
    if yes is False or no is False:
        return False
    both = [np.broadcast_to(k, run.shape).any(axis=2) for k in (yes, no)]
    return bool((both[0] & both[1]).any())
