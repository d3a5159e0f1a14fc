"""La suma de prefijos por dentro: qué contiene cada casilla después de cada paso.

La entrada son las potencias de dos, 1, 2, 4, 8…: la suma que guarda una casilla, escrita en
binario, dice qué elementos lleva sumados. Así los rótulos salen de los valores que el kernel
escribió, y no de lo que debería haber escrito.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from urdimbre.errors import ArgumentError
from urdimbre.observe.trace import Trace
from urdimbre.plots import footprint, style
from urdimbre.plots.scan_contents import Phase, follow

__all__ = ["follow", "label", "network", "phase_turns", "stages", "turns_per_phase"]

PITCH, BOX = 1.75, 0.8  # distancia entre filas y alto de una casilla


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
        upto: cuántos tramos se dibujan; de los demás, solo el lugar. Sin él, todos.

    Errors:
        ArgumentError: no hay un rótulo por tramo.
    """
    if len(names) != len(phases):
        raise ArgumentError(f"Hay {len(phases)} tramos y {len(names)} rótulos.")
    n, rows = len(phases[0].values), len(phases)
    fig, ax = style.figure(0.25 + 0.46 * rows)
    drawn = rows if upto is None else upto
    for row, phase in enumerate(phases):
        ink = style.INK if row < drawn else style.LINE
        ax.text(-0.25, row * PITCH + BOX / 2, names[row], ha="right", va="center", color=ink)
        if row < drawn:
            _row(ax, row, phase)
        else:
            _pending(ax, row, n)
    style.canvas(ax, n, (rows - 1) * PITCH + BOX)
    ax.set_xlim(-0.2 * n, n + 0.05)
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
        style.cell(ax, (place, top), fill, label(value), size=size, font=style.FONT)


def _pending(ax: Axes, row: int, n: int) -> None:
    """El lugar de un tramo que todavía no se muestra."""
    for place in range(n):
        style.cell(ax, (place, row * PITCH), style.EMPTY, size=(1.0, BOX))


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
        _stage(ax, np.asarray(values), block)
        ax.set_ylim(0, float(values.max()) * 1.08)
        ax.yaxis.set_major_locator(MaxNLocator(3, integer=True))
        ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        ax.spines[["top", "right"]].set_visible(False)
        ax.set_title(text, loc="left")
    return fig


def _stage(ax: Axes, values: np.ndarray, block: int) -> None:
    """Un arreglo largo, como perfil con sus bloques; uno corto, con una barra por casilla."""
    if len(values) <= block:
        ax.bar(np.arange(len(values), dtype=np.int64), values, width=0.9, color=style.BLUE)
        ax.set_xlim(-0.5, len(values) - 0.5)
        return
    ends = np.arange(block, len(values), block, dtype=np.int64)
    ax.stairs(values, fill=True, color=style.BLUE)
    ax.vlines(ends, 0, float(values.max()), color=style.LINE, linewidth=0.7)
    ax.set_xlim(0, len(values))
