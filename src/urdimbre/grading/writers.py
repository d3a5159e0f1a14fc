"""Quién escribió un elemento: el hilo, el bloque y la línea, sacados de la traza."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from urdimbre.errors import UrdimbreError
from urdimbre.exercises.spec import Case, Step
from urdimbre.grading.run import simulate
from urdimbre.grading.source import parameters, text_of
from urdimbre.sim.events import Lanes


class Writer(NamedTuple):
    """Un hilo que escribe: ``(x, y, z)`` de su bloque y del hilo, y la línea."""

    line: int
    block: tuple[int, int, int]
    thread: tuple[int, int, int]


def explain(kernel: Any, case: Case, position: int, index: tuple[int, ...]) -> str:
    """Frase que dice quién escribe ``case.args[position][index]``; vacía si no se sabe.

    Corre el caso otra vez, ahora con la traza.
    """
    try:
        traces = simulate(kernel, case, measure=True).traces
    except UrdimbreError:
        return ""
    found: list[Writer] = []
    for step, trace in zip(case.plan, traces, strict=True):
        name = _local_name(kernel, step, position)
        found += _writers(trace, name, index) if name else []
    return _sentence(_shown_name(kernel, case, position), index, found)


def _local_name(kernel: Any, step: Step, position: int) -> str:
    """Cómo llama el kernel del paso al argumento de esa posición; vacío si no lo recibe."""
    chosen = kernel[step.symbol] if isinstance(kernel, dict) and step.symbol else kernel
    names = dict(zip(step.args, parameters(text_of(chosen)) or (), strict=False))
    return names.get(position, "")


def _shown_name(kernel: Any, case: Case, position: int) -> str:
    return case.names[position] if case.names else _local_name(kernel, case.plan[0], position)


def _writers(trace: Any, name: str, index: tuple[int, ...]) -> list[Writer]:
    found = []
    for access in trace.accesses:
        if access.kind == "load" or access.name != name or access.space != "global":
            continue
        offset = int(np.ravel_multi_index(index, access.shape)) * access.size
        hits = np.argwhere(access.mask & (access.address == access.base + offset))
        found += [_writer(access, trace.launch, *map(int, hit)) for hit in hits]
    return found


def _writer(access: Any, launch: Any, b: int, warp: int, lane: int) -> Writer:
    lanes = Lanes(access.mask.shape, launch.grid, launch.block, access.first_block)
    return Writer(access.line, lanes.block_index(b), lanes.thread_index(32 * warp + lane))


def _sentence(name: str, index: tuple[int, ...], writers: list[Writer]) -> str:
    if not writers:
        return ""
    element = f"el elemento {name}[{', '.join(map(str, index))}]"
    last = writers[-1]
    place = f"el hilo {_short(last.thread)} del bloque {_short(last.block)}, línea {last.line}"
    threads = {(writer.block, writer.thread) for writer in writers}
    if len(threads) == 1:
        return f"E{element[1:]} lo escribe {place}."
    return f"En {element} escriben {len(threads)} hilos distintos; el último, {place}."


def _short(place: tuple[int, int, int]) -> str:
    """``5`` si solo cuenta ``x``; si no, ``(x=5, y=2)``."""
    x, y, z = place
    if not y and not z:
        return str(x)
    return f"(x={x}, y={y})" if not z else f"(x={x}, y={y}, z={z})"
