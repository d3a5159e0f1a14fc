"""Reducciones: el árbol de sumas, qué hilos trabajan en cada paso y qué carriles se leen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from urdimbre.errors import ArgumentError
from urdimbre.observe.trace import Trace, TracedAccess
from urdimbre.plots import style

WARP = 32
ROW = 1.9  # alto de un nivel del árbol, en casillas


class Sum(NamedTuple):
    """Una suma de un paso: qué hilo la hace, qué casillas lee y cuál escribe."""

    thread: int
    sources: tuple[int, ...]
    target: int


def levels(trace: Trace, array: str, *, block: int = 0) -> list[list[Sum]]:
    """Los pasos de una reducción en memoria compartida, uno por fase con lecturas y escrituras.

    Errors:
        ArgumentError: el bloque no reduce ``array`` en la traza.
    """
    mine = [a for a in trace.accesses if a.name == array and block in a.blocks]
    found = []
    for phase in sorted({a.phase for a in mine}):
        here = [a for a in mine if a.phase == phase]
        found.append(_sums(here, block))
    found = [level for level in found if level]
    if not found:
        raise ArgumentError(f"En la traza, el bloque {block} no reduce «{array}».")
    return found


def _sums(accesses: list[TracedAccess], block: int) -> list[Sum]:
    read: dict[int, list[int]] = {}
    written: dict[int, int] = {}
    for access in accesses:
        for thread, slot in _touched(access, block):
            if access.kind == "store":
                written[thread] = slot
            else:
                read.setdefault(thread, []).append(slot)
    both = sorted(written.keys() & read.keys())
    return [Sum(t, tuple(dict.fromkeys(read[t])), written[t]) for t in both]


def _touched(access: TracedAccess, block: int) -> list[tuple[int, int]]:
    """Parejas ``(hilo del bloque, casilla)`` de los carriles activos."""
    b = block - access.first_block
    mask, address = access.mask[b].reshape(-1), access.address[b].reshape(-1)
    slots = (address - access.base) // access.dtype.itemsize
    return [(int(t), int(slots[t])) for t in np.flatnonzero(mask)]


def held(steps: Sequence[Sequence[Sum]], slots: int) -> list[np.ndarray]:
    """Cuántos elementos lleva sumados cada casilla antes de empezar y después de cada paso."""
    counts = [np.ones(slots, np.int64)]
    for step in steps:
        now = counts[-1].copy()
        for one in step:
            now[one.target] = sum(counts[-1][k] for k in one.sources)
        counts.append(now)
    return counts


def tree(trace: Trace, array: str, shown: int | None = None) -> Figure:
    """El árbol de sumas de un bloque: una fila por paso, y en cada casilla cuántos elementos suma.

    Args:
        trace: la reducción de un bloque pequeño: una casilla por hilo.
        array: el arreglo en memoria compartida.
        shown: cuántos pasos se dibujan ya hechos; ``None``, todos.
    """
    steps = levels(trace, array)
    slots = int(np.prod(trace.launch.block))
    counts = held(steps, slots)
    shown = len(steps) if shown is None else shown
    fig, ax = style.figure(0.62 + 0.56 * (len(steps) + 1))
    _slots(ax, 0, counts[0], set(range(slots)), 0)
    for k in range(shown):
        for one in steps[k]:
            _edges(ax, k, one)
        _slots(ax, k + 1, counts[k + 1], {one.target for one in steps[k]}, k + 1)
    style.canvas(ax, slots, ROW * len(steps) + 1)
    ax.set_yticks(
        [ROW * k + 0.5 for k in range(len(steps) + 1)],
        ["carga", *(f"paso {k}" for k in range(1, len(steps) + 1))],
    )
    ax.set_xticks(np.arange(0, slots, 4) + 0.5, [str(i) for i in range(0, slots, 4)])
    ax.tick_params(length=0)
    ax.set_xlabel(f"casilla de «{array}»; dentro, cuántos elementos lleva sumados")
    return fig


def tree_frames(trace: Trace, array: str) -> list[Figure]:
    """El mismo árbol, un cuadro por paso, para recorrerlo."""
    return [tree(trace, array, shown) for shown in range(len(levels(trace, array)) + 1)]


def _slots(ax: Axes, level: int, counts: np.ndarray, live: set[int], shade: int) -> None:
    for slot, count in enumerate(counts):
        fill = style.tint(shade) if slot in live else style.EMPTY
        text, ink = str(count), style.INK if slot in live else style.MUTED
        style.cell(ax, (slot, ROW * level), fill, text if slot in live else "", ink=ink)


def _edges(ax: Axes, level: int, one: Sum) -> None:
    top, low = ROW * level + 1, ROW * (level + 1)
    for source in one.sources:
        color, width = (style.LINE, 1.0) if source == one.target else (style.BLUE, 1.4)
        ax.plot([source + 0.5, one.target + 0.5], [top, low], color=color, linewidth=width)


def working_threads(traces: Mapping[str, Trace], array: str, *, block: int = 0) -> Figure:
    """Qué hilos suman en cada paso, un panel por traza; las rayas separan los warps.

    Errors:
        ArgumentError: el bloque no reduce ``array`` en alguna de las trazas.
    """
    each = {name: levels(trace, array, block=block) for name, trace in traces.items()}
    rows = sum(map(len, each.values()))
    heights = [len(steps) + 1.2 for steps in each.values()]
    fig, axes = style.figure(
        0.5 + 0.16 * rows + 0.36 * len(each),
        nrows=len(each),
        squeeze=False,
        sharex=True,
        height_ratios=heights,
    )
    for ax, (name, steps), trace in zip(axes[:, 0], each.items(), traces.values(), strict=True):
        _work(ax, steps, int(np.prod(trace.launch.block)))
        style.title(ax, f"{name}: {warp_sums(steps)} sumas de warp")
    axes[-1, 0].set_xlabel("hilo del bloque")
    return fig


def warp_sums(steps: Sequence[Sequence[Sum]]) -> int:
    """Warps con algún hilo que suma, contados en cada paso."""
    return sum(len({one.thread // WARP for one in step}) for step in steps)


def _work(ax: Axes, steps: Sequence[Sequence[Sum]], threads: int) -> None:
    picture = np.zeros((len(steps), threads), np.int64)
    for k, step in enumerate(steps):
        busy = {one.thread // WARP for one in step}
        for warp in busy:
            picture[k, warp * WARP : (warp + 1) * WARP] = 1
        picture[k, [one.thread for one in step]] = 2
    for k, t in np.argwhere(picture > 0):
        fill = style.USED if picture[k, t] == 2 else style.FETCHED
        style.cell(ax, (t, k), fill, size=(1, 0.9))
    style.canvas(ax, threads, len(steps))
    ax.vlines(np.arange(0, threads + 1, WARP), 0, len(steps), color=style.LINE, linewidth=0.8)
    ax.set_yticks(np.arange(len(steps)) + 0.45, [str(k + 1) for k in range(len(steps))])
    ax.set_xticks(np.arange(0, threads + 1, WARP), [str(t) for t in range(0, threads + 1, WARP)])
    ax.tick_params(length=0)
    ax.set_ylabel("paso")


def lane_tree(counts: np.ndarray, offsets: Sequence[int]) -> Figure:
    """Cómo se juntan los carriles de un warp: una fila por *shuffle*.

    Args:
        counts: ``(pasos + 1, 32)``, cuántos carriles lleva sumados cada uno, tal como salieron de
            una ejecución con entradas 1.
        offsets: de cuántos carriles más allá se lee en cada paso.
    """
    fig, ax = style.figure(0.6 + 0.55 * len(counts))
    for k, row in enumerate(counts):
        useful = WARP if k == 0 else offsets[k - 1]
        for lane in range(WARP):
            fill = style.tint(k) if lane < useful else style.OFF
            style.cell(ax, (lane, 2.6 * k), fill)
        ax.text(0.5, 2.6 * k + 0.5, str(row[0]), ha="center", va="center", fontsize=7)
    for k, offset in enumerate(offsets):
        for lane in range(offset):
            ends = [lane + offset + 0.5, lane + 0.5], [2.6 * k + 1, 2.6 * (k + 1)]
            ax.plot(*ends, color=style.BLUE, linewidth=0.9)
    style.canvas(ax, WARP, 2.6 * len(offsets) + 1)
    names = ["al comenzar", *(f"leer {offset} más allá" for offset in offsets)]
    ax.set_yticks([2.6 * k + 0.5 for k in range(len(counts))], names)
    ax.set_xticks([lane + 0.5 for lane in (0, 8, 16, 24, 31)], ["0", "8", "16", "24", "31"])
    ax.tick_params(length=0)
    ax.set_xlabel("carril")
    return fig
