"""Cómo empieza y avanza un ciclo: su condición, o los valores de su índice.

Cada función devuelve la pareja ``(ask, enter)``: quién sigue, y qué pasa al entrar.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.sim.lanes.merging import merge
from urdimbre.sim.lower.expressions import expression
from urdimbre.sim.typed import ir
from urdimbre.sim.typed.lowering import Code


def _while_start(s: ir.While) -> Code:
    test = expression(s.test)
    return lambda run, v, m: (lambda live: test(run, v, live), lambda go: None)


def _for_start(s: ir.For) -> Code:
    bounds = [expression(e) for e in (s.start, s.stop, s.step)]
    slot, keep, kind = s.slot, s.merge, s.dtype.type

    def start(run: Any, v: Any, m: Any) -> Any:
        steps, i = counter([e(run, v, m) for e in bounds]), None

        def ask(live: Any) -> Any:
            nonlocal i
            i, test = next(steps)
            return test

        def enter(go: Any) -> None:
            new = i if isinstance(i, np.ndarray) else kind(i)
            v[slot] = new if keep is None or go is v[keep] else merge(go, new, v[slot])

        return ask, enter

    return start


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
        yield i, np.where(step > 0, i < stop, (i > stop) & (step != 0))
        i = i + step


STARTS = {ir.While: _while_start, ir.For: _for_start}
