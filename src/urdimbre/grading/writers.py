"""Quién escribió un elemento y qué leyó antes: sacado de la traza, sin adivinar."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from urdimbre.errors import UrdimbreError
from urdimbre.exercises.spec import Case, Step
from urdimbre.grading.numbers import element
from urdimbre.grading.readings import Place, of_thread
from urdimbre.grading.run import simulate
from urdimbre.grading.source import parameters, text_of
from urdimbre.sim.events import Lanes


class Writer(NamedTuple):
    """Un hilo que escribe: ``(x, y, z)`` de su bloque y del hilo, la línea y dónde buscarlo."""

    line: int
    block: tuple[int, int, int]
    thread: tuple[int, int, int]
    place: Place


def explain(kernel: Any, case: Case, position: int, index: tuple[int, ...]) -> str:
    """Quién escribe ``case.args[position][index]`` y qué leyó antes; vacío si no se sabe.

    Corre el caso otra vez, ahora con la traza.
    """
    try:
        run = simulate(kernel, case, measure=True)
    except UrdimbreError:
        return ""
    found: list[Writer] = []
    read = ""
    for step, trace in zip(case.plan, run.traces, strict=True):
        name = _local_name(kernel, step, position)
        writers = _writers(trace, name, index) if name else []
        if writers:
            chosen = kernel[step.symbol] if isinstance(kernel, dict) and step.symbol else kernel
            values = _values(run, step, parameters(text_of(chosen)) or ())
            read = of_thread(trace, writers[-1].place, values)
        found += writers
    sentence = _sentence(_shown_name(kernel, case, position), index, found)
    return "\n".join(part for part in (sentence, read) if part)


def _values(run: Any, step: Step, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Los arreglos de entrada del paso, por el nombre con que los llama su kernel."""
    given = {name: run.case.args[at] for at, name in zip(step.args, names, strict=False)
             if at not in run.case.outputs}  # fmt: skip
    return {name: arg for name, arg in given.items() if isinstance(arg, np.ndarray)}


def _local_name(kernel: Any, step: Step, position: int) -> str:
    """Cómo llama el kernel del paso al argumento de esa posición; vacío si no lo recibe."""
    chosen = kernel[step.symbol] if isinstance(kernel, dict) and step.symbol else kernel
    names = dict(zip(step.args, parameters(text_of(chosen)) or (), strict=False))
    return names.get(position, "")


def _shown_name(kernel: Any, case: Case, position: int) -> str:
    return case.names[position] if case.names else _local_name(kernel, case.plan[0], position)


def _writers(trace: Any, name: str, index: tuple[int, ...]) -> list[Writer]:
    found = []
    for number, access in enumerate(trace.accesses):
        if access.kind == "load" or access.name != name or access.space != "global":
            continue
        offset = int(np.ravel_multi_index(index, access.shape)) * access.size
        hits = np.argwhere(access.mask & (access.address == access.base + offset))
        found += [_writer(number, access, trace.launch, *map(int, hit)) for hit in hits]
    return found


def _writer(number: int, access: Any, launch: Any, b: int, warp: int, lane: int) -> Writer:
    lanes = Lanes(access.mask.shape, launch.grid, launch.block, access.first_block)
    who = lanes.block_index(b), lanes.thread_index(32 * warp + lane)
    return Writer(access.line, *who, Place(access.first_block + b, warp, lane, number))


def _sentence(name: str, index: tuple[int, ...], writers: list[Writer]) -> str:
    if not writers:
        return ""
    what = f"el elemento {element(name, index)}"
    last = writers[-1]
    place = f"el hilo {_short(last.thread)} del bloque {_short(last.block)}, línea {last.line}"
    threads = {(writer.block, writer.thread) for writer in writers}
    if len(threads) == 1:
        return f"E{what[1:]} lo escribe {place}."
    return f"En {what} escriben {len(threads)} hilos distintos; el último, {place}."


def _short(place: tuple[int, int, int]) -> str:
    """``5`` si solo cuenta ``x``; si no, ``(x=5, y=2)``."""
    x, y, z = place
    if not y and not z:
        return str(x)
    return f"(x={x}, y={y})" if not z else f"(x={x}, y={y}, z={z})"
