"""La suma de prefijos por dentro: qué contiene cada casilla después de cada paso.

La entrada son las potencias de dos, 1, 2, 4, 8…: la suma que guarda una casilla, escrita en
binario, dice qué elementos lleva sumados. Así los rótulos salen de los valores que el kernel
escribió, y no de lo que debería haber escrito.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from urdimbre import sim
from urdimbre.errors import ArgumentError
from urdimbre.observe.lanes import active, grid3
from urdimbre.observe.trace import Trace
from urdimbre.plots import footprint, style
from urdimbre.sim.events import Access, Barrier

PITCH, BOX = 1.75, 0.8  # distancia entre filas y alto de una casilla
LIMIT = 24  # una potencia de dos mayor ya no se suma exacta en float32


@dataclass
class Phase:
    """Un tramo entre barreras.

    Attributes:
        values: lo que contiene cada casilla al terminar; NaN si nadie la escribió todavía.
        written: casillas que se escribieron.
        links: pares (casilla leída, casilla escrita) por el mismo hilo.
    """

    values: np.ndarray
    written: set[int] = field(default_factory=set)
    links: set[tuple[int, int]] = field(default_factory=set)


class Contents:
    """Observador que sigue lo que contiene un arreglo compartido del bloque 0.

    Args:
        array: nombre del arreglo en el kernel.
        n: casillas por fila. Si tiene más de una fila (dos copias), se sigue la última escrita.

    Attributes:
        phases: los tramos en que alguien escribió el arreglo, en orden.
    """

    def __init__(self, array: str, n: int) -> None:
        self.array, self.n = array, n
        self.phases: list[Phase] = []
        self._now = Phase(np.full(n, np.nan, np.float64))
        self._read: dict[int, set[tuple[int, int]]] = {}

    def on_access(self, event: Access) -> None:
        """Anota qué casilla toca cada hilo, y qué valor mueve."""
        if event.array.name != self.array or event.array.space != "shared":
            return
        for thread, place, value in _touched(event, self.n):
            if event.kind == "load":
                self._read.setdefault(thread, set()).add((place, int(value)))
                continue
            self._now.values[place] = value
            self._now.written.add(place)
            sources = (p for p, v in self._read.get(thread, ()) if v and v & int(value) == v)
            self._now.links.update((p, place) for p in sources)

    def on_barrier(self, event: Barrier) -> None:
        """Cierra el tramo."""
        if event.kind != "syncwarp":
            self.end()

    def end(self) -> None:
        """Guarda el tramo si alguien escribió, y empieza otro con lo que quedó."""
        if self._now.written:
            self.phases.append(self._now)
        self._now = Phase(self._now.values.copy())
        self._read = {}


def _touched(event: Access, n: int) -> list[tuple[int, int, float]]:
    """Hilo, casilla y valor de cada carril activo del bloque 0."""
    shape = event.lanes.shape
    place = np.broadcast_to(grid3(event.address), shape)[0].ravel() - event.array.address
    value = np.broadcast_to(grid3(event.value), shape)[0].ravel()
    mask = active(event.mask, event.lanes)
    on = np.arange(place.size, dtype=np.int64)
    if mask is not None:
        on = np.flatnonzero(np.broadcast_to(mask, shape)[0].ravel())
    slots = place // event.array.dtype.itemsize % n
    return [(int(t), int(slots[t]), float(value[t])) for t in on]


def follow(kernel: Any, threads: int, n: int, array: str) -> list[Phase]:
    """Corre ``kernel[1, threads](x, out)`` con las potencias de dos y sigue un arreglo.

    Args:
        kernel: kernel de suma de prefijos, con parámetros ``x`` y ``out``.
        threads: hilos del único bloque.
        n: elementos de ``x``; también, las casillas que se siguen.
        array: nombre del arreglo compartido.

    Returns:
        Los tramos en que se escribió el arreglo.

    Errors:
        ArgumentError: más de 24 elementos, o nadie escribe ese arreglo.
    """
    if n > LIMIT:
        raise ArgumentError(f"Se pueden seguir hasta {LIMIT} elementos y pides {n}.")
    contents = Contents(array, n)
    x = (2.0 ** np.arange(n, dtype=np.int64)).astype(np.float32)
    with sim.observing(contents):
        sim.as_kernel(kernel)[1, threads](x, np.zeros_like(x))
    if not contents.phases:
        raise ArgumentError(f"El kernel no escribe «{array}». Revisa el nombre del arreglo.")
    return contents.phases


def label(value: float) -> str:
    """Qué elementos suma una casilla: «3», «0–5», «0» si ninguno, o «?» si no hay valor."""
    if np.isnan(value):
        return "?"
    mask = int(value)
    if mask == 0:
        return "∅"
    first, last = (mask & -mask).bit_length() - 1, mask.bit_length() - 1
    if mask != (1 << (last + 1)) - (1 << first):
        return "·"
    return f"{first}" if first == last else f"{first}–{last}"


def network(phases: Sequence[Phase], names: Sequence[str], upto: int | None = None) -> Figure:
    """Las casillas después de cada tramo, y de cuáles salió cada una.

    En cada casilla, los elementos que lleva sumados. En color, las que se escribieron en ese
    tramo; las líneas llegan desde las que leyó el mismo hilo.

    Args:
        phases: lo que dio :func:`follow`.
        names: un rótulo por tramo.
        upto: cuántos tramos se dibujan; el resto queda en blanco. Sin él, todos.

    Errors:
        ArgumentError: no hay un rótulo por tramo.
    """
    if len(names) != len(phases):
        raise ArgumentError(f"Hay {len(phases)} tramos y {len(names)} rótulos.")
    n, rows = len(phases[0].values), len(phases)
    fig, ax = style.figure(0.25 + 0.46 * rows)
    for row, phase in enumerate(phases[: rows if upto is None else upto]):
        _row(ax, row, phase)
        ax.text(-0.25, row * PITCH + BOX / 2, names[row], ha="right", va="center")
    style.canvas(ax, n, (rows - 1) * PITCH + BOX)
    ax.set_xlim(-0.32 * n, n + 0.05)
    return fig


def _row(ax: Axes, row: int, phase: Phase) -> None:
    top = row * PITCH
    for source, target in sorted(phase.links):
        same = source == target
        ax.plot(
            [source + 0.5, target + 0.5],
            [top - PITCH + BOX, top],
            color=style.LINE if same else style.BLUE,
            linewidth=0.9 if same else 1.6,
            zorder=0,
        )
    for place, value in enumerate(phase.values):
        fill = style.tint(0) if place in phase.written else style.EMPTY
        size = (1.0, BOX)
        style.cell(ax, (place, top), fill, label(value), size=size, font=style.FONT - 1.5)


def turns_per_phase(traces: Mapping[str, Trace], array: str) -> Figure:
    """Turnos de memoria compartida que gasta el bloque 0 en ``array``, tramo por tramo.

    Una barra por traza y por tramo. Sin conflictos, un tramo gasta tantos turnos como accesos de
    warp tiene.

    Errors:
        ArgumentError: en alguna traza nadie toca el arreglo.
    """
    spent = {name: phase_turns(trace, array) for name, trace in traces.items()}
    fig, ax = style.figure(2.6)
    width = 0.8 / len(spent)
    for k, (name, turns) in enumerate(spent.items()):
        place = np.arange(len(turns), dtype=np.int64) + width * (k - (len(spent) - 1) / 2)
        ax.bar(place, turns, width, label=name, color=style.STRONG[k])
    longest = max(map(len, spent.values()))
    ax.set_xticks(range(longest), [str(k + 1) for k in range(longest)])
    ax.set_xlabel("tramo entre barreras")
    ax.set_ylabel("turnos")
    ax.spines[["top", "right"]].set_visible(False)
    fig.legend(loc="outside lower center", ncols=3, frameon=False)
    return fig


def phase_turns(trace: Trace, array: str) -> list[int]:
    """Turnos del bloque 0 en cada tramo en que toca ``array``.

    Errors:
        ArgumentError: nadie toca el arreglo en la traza.
    """
    turns: dict[int, int] = {}
    for access in trace.accesses:
        if (access.name, access.space) != (array, "shared") or 0 not in access.blocks:
            continue
        warps = range(access.address.shape[1])
        used = (w for w in warps if len(footprint.warp_elements(access, 0, w)))
        spent = sum(footprint.cost(access, 0, w) for w in used)
        turns[access.phase] = turns.get(access.phase, 0) + spent
    if not turns:
        raise ArgumentError(f"En la traza el bloque 0 no toca «{array}».")
    return [turns[phase] for phase in sorted(turns)]


def stages(panels: Mapping[str, np.ndarray], block: int) -> Figure:
    """Lo que contienen varios arreglos después de cada lanzamiento, uno debajo del otro.

    Args:
        panels: título y arreglo 1-D; los de un mismo tamaño comparten eje.
        block: cada cuántos elementos termina un bloque; ahí va una línea.
    """
    rows = len(panels)
    fig, axes = style.figure(0.3 + 1.25 * rows, nrows=rows, squeeze=False)
    for ax, (text, values) in zip(axes[:, 0], panels.items(), strict=True):
        ax.stairs(values, fill=True, color=style.BLUE)
        if len(values) > block:
            ends = np.arange(block, len(values), block, dtype=np.int64)
            ax.vlines(ends, 0, float(values.max()), color=style.LINE, linewidth=0.7)
        ax.set_xlim(0, len(values))
        ax.set_ylim(0, float(values.max()) * 1.08)
        ax.yaxis.set_major_locator(MaxNLocator(3, integer=True))
        ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        ax.spines[["top", "right"]].set_visible(False)
        ax.set_title(text, loc="left")
    return fig
