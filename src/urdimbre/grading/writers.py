"""Quién escribió un elemento y qué leyó antes: se mira otra corrida, sin adivinar."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from urdimbre.errors import UrdimbreError
from urdimbre.exercises.spec import Case, Step
from urdimbre.grading.numbers import element
from urdimbre.grading.readings import Place, Readings
from urdimbre.grading.run import observed
from urdimbre.grading.source import parameters, text_of
from urdimbre.observe.lanes import active, grid3
from urdimbre.sim.events import Access, Lanes

Index = tuple[int, ...]


class Writer(NamedTuple):
    """Un hilo que escribe: la línea, ``(x, y, z)`` de su bloque y del hilo, y dónde buscarlo."""

    line: int
    block: tuple[int, int, int]
    thread: tuple[int, int, int]
    place: Place


class Writers:
    """Observador: los hilos que escriben un elemento de un arreglo, en orden.

    Args:
        name: cómo llama el kernel al arreglo; vacío si no lo recibe.
        index: el elemento.
    """

    def __init__(self, name: str, index: Index) -> None:
        self.found: list[Writer] = []
        self._name, self._index, self._accesses = name, index, 0

    def on_access(self, event: Access) -> None:
        """Anota los carriles que escriben el elemento."""
        self._accesses += 1
        array = event.array
        if event.kind == "load" or (array.name, array.space) != (self._name, "global"):
            return
        if len(array.shape) != len(self._index):
            return
        target = array.address + int(np.ravel_multi_index(self._index, array.shape)) * event.size
        mask = active(event.mask, event.lanes)
        hits = grid3(event.address) == target
        hits = np.broadcast_to(hits if mask is None else hits & mask, event.lanes.shape)
        self.found += [self._writer(event, *map(int, hit)) for hit in np.argwhere(hits)]

    def _writer(self, event: Access, b: int, warp: int, lane: int) -> Writer:
        lanes: Lanes = event.lanes
        who = lanes.block_index(b), lanes.thread_index(32 * warp + lane)
        place = Place(lanes.first_block + b, warp, lane, self._accesses)
        return Writer(event.line, *who, place)


def explain(kernel: Any, case: Case, position: int, index: Index) -> str:
    """Quién escribe ``case.args[position][index]`` y qué leyó antes; vacío si no se sabe.

    Corre el caso dos veces más: una para saber quién escribe y otra para ver qué lee.
    """
    names = [parameters(text_of(_chosen(kernel, step))) or () for step in case.plan]
    local = [dict(zip(step.args, own, strict=False)) for step, own in zip(case.plan, names)]
    try:
        seen = observed(kernel, case, lambda k: Writers(local[k].get(position, ""), index))
        found = [writer for writers in seen for writer in writers.found]
        sentence = _sentence(_shown_name(case, position, local[0]), index, found)
        if not found:
            return sentence if position in case.accumulates else ""
        last = max(k for k, writers in enumerate(seen) if writers.found)
        read = observed(kernel, case, lambda k: Readings(found[-1].place, _has_inputs(case)))[last]
    except UrdimbreError:
        return ""
    return "\n".join(part for part in (sentence, read.table) if part)


def _chosen(kernel: Any, step: Step) -> Any:
    return kernel[step.symbol] if isinstance(kernel, dict) and step.symbol else kernel


def _has_inputs(case: Case) -> bool:
    """Si el caso trae algún arreglo que el kernel deba leer."""
    given = (arg for at, arg in enumerate(case.args) if at not in case.outputs)
    return any(isinstance(arg, np.ndarray) for arg in given)


def _shown_name(case: Case, position: int, names: dict[int, str]) -> str:
    return case.names[position] if case.names else names.get(position, "")


def _sentence(name: str, index: Index, writers: list[Writer]) -> str:
    what = f"el elemento {element(name, index)}"
    if not writers:
        return f"Ningún hilo escribe {what}: conserva el valor con que empezó."
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
