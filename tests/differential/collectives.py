"""Los hilos de un bloque, por turnos: barreras y operaciones de warp.

Un hilo corre hasta que espera (:class:`Wait`). Una barrera sigue cuando todos los hilos vivos
esperan ahí; una operación de warp, cuando llegaron los carriles que nombra su máscara.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import scalars
from values_of import Leave

WARP = 32
I32 = np.dtype("int32")
Votes = dict[int, Any]


@dataclass(frozen=True)
class Wait:
    """Dónde espera un hilo y qué trae.

    ``mask`` 0 dice que espera a todo el bloque. ``site`` distingue las instrucciones.
    """

    site: int
    function: str = "syncthreads"
    mask: int = 0
    value: Any = None
    lane: int = 0


def run_block(threads: list[Iterator[Wait]]) -> None:
    """Corre todos los hilos hasta que terminan."""
    alive, answers, waits = dict(enumerate(threads)), {}, {}
    while alive:
        for t in [t for t in alive if t not in waits]:
            try:
                waits[t] = alive[t].send(answers.pop(t, None))
            except (StopIteration, Leave):
                del alive[t]
        released = _ready(waits, alive)
        assert released or not alive, "nadie puede seguir: el programa generado no vale"
        for t, answer in released.items():
            answers[t] = answer
            del waits[t]


def _ready(waits: dict[int, Wait], alive: dict[int, Any]) -> Votes:
    """Los hilos que pueden seguir, con lo que reciben."""
    out: Votes = {}
    for site in {w.site for w in waits.values()}:
        group = {t: w for t, w in waits.items() if w.site == site}
        if next(iter(group.values())).mask == 0:
            out |= _answers(group) if len(group) == len(alive) else {}
            continue
        for warp in {t // WARP for t in group}:
            lanes = {t: w for t, w in group.items() if t // WARP == warp}
            wanted = next(iter(lanes.values())).mask
            if sum(1 << (t % WARP) for t in lanes) == wanted:
                out |= _answers(lanes)
    return out


def _answers(group: dict[int, Wait]) -> Votes:
    function = FUNCTIONS[next(iter(group.values())).function]
    values = {t % WARP if w.mask else t: w.value for t, w in group.items()}
    return {t: function(values, t % WARP if w.mask else t, w.lane) for t, w in group.items()}


def _bits(lanes: list[int]) -> Any:
    return scalars.wrap(sum(1 << lane for lane in lanes), I32)


def _shifted(values: Votes, me: int, other: int) -> Any:
    """El valor de otro carril; el propio si ese carril no existe."""
    return values[other] if 0 <= other < WARP else values[me]


def _true(values: Votes) -> list[int]:
    return [lane for lane, value in values.items() if scalars.truth(value)]


FUNCTIONS: dict[str, Callable[[Votes, int, int], Any]] = {
    "syncthreads": lambda values, me, lane: None,
    "syncthreads_count": lambda values, me, lane: np.int32(len(_true(values))),
    "syncthreads_and": lambda values, me, lane: np.int32(len(_true(values)) == len(values)),
    "syncthreads_or": lambda values, me, lane: np.int32(bool(_true(values))),
    "shfl_sync": lambda values, me, lane: values[lane % WARP],
    "shfl_up_sync": lambda values, me, lane: _shifted(values, me, me - lane),
    "shfl_down_sync": lambda values, me, lane: _shifted(values, me, me + lane),
    "shfl_xor_sync": lambda values, me, lane: values[me ^ lane],
    "any_sync": lambda values, me, lane: np.bool_(bool(_true(values))),
    "all_sync": lambda values, me, lane: np.bool_(len(_true(values)) == len(values)),
    "eq_sync": lambda values, me, lane: np.bool_(len(_true(values)) in (0, len(values))),
    "ballot_sync": lambda values, me, lane: _bits(_true(values)),
    "match_any_sync": lambda values, me, lane: _bits(
        [k for k, v in values.items() if v.tobytes() == values[me].tobytes()]
    ),
}
