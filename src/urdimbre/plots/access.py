"""Qué toca cada hilo: elementos, direcciones y sectores de 32 B."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from urdimbre.observe.trace import Trace, TracedAccess
from urdimbre.plots import style
from urdimbre.plots.launch import accesses_to

SECTOR = 32  # bytes


def who_touches(trace: Trace, array: str, kind: str = "store") -> Figure:
    """Los elementos de un vector, en una fila por vuelta, con el hilo global que los tocó."""
    records = [a for a in accesses_to(trace, array) if a.kind == kind]
    turns = [a for a in records if a.mask.any()]
    size = turns[0].shape[0]
    threads = trace.launch.block[0]
    fig, ax = style.figure(0.8 + 0.36 * len(turns))
    for row, record in enumerate(turns):
        for element, thread in touched(record, threads):
            style.cell(ax, (element, row), style.tint(row), str(thread), size=(1, 0.86))
    style.canvas(ax, size, len(turns))
    style.frame(ax, (0, 0), (size, len(turns) - 0.14), style.LINE)
    ax.set_xticks(np.arange(0, size, 4) + 0.5, [str(i) for i in range(0, size, 4)])
    ax.set_yticks(np.arange(len(turns)) + 0.43, [f"vuelta {r}" for r in range(len(turns))])
    ax.tick_params(length=0)
    ax.set_xlabel(f"elemento de «{array}»; dentro, el hilo que lo toca")
    return fig


def touched(record: TracedAccess, threads: int) -> list[tuple[int, int]]:
    """Parejas ``(elemento, hilo global)`` de un acceso de una dimensión.

    Los bloques tienen ``threads`` hilos; el hilo global es ``bloque * threads + hilo``.
    """
    pairs = []
    for b, block in enumerate(record.blocks):
        mask, index = record.mask[b].reshape(-1), record.index[0][b].reshape(-1)
        pairs += [(int(index[t]), block * threads + int(t)) for t in np.flatnonzero(mask)]
    return pairs


@dataclass(frozen=True)
class SectorUse:
    """Un sector que un warp hizo viajar.

    Attributes:
        number: dirección del sector entre 32, contada desde el comienzo del arreglo.
        used: bool ``(32,)``: qué bytes pidió algún carril.
    """

    number: int
    used: np.ndarray


def sector_uses(record: TracedAccess, block: int = 0, warp: int = 0) -> list[SectorUse]:
    """Los sectores de un acceso de un warp, ordenados, con los bytes que alguien pidió."""
    b = block - record.first_block
    lanes = record.address[b, warp][record.mask[b, warp]]
    asked = np.unique(lanes[:, None] + np.arange(record.size, dtype=np.int64))
    first = record.base // SECTOR
    uses = []
    for sector in np.unique(asked // SECTOR):
        used = np.zeros(SECTOR, dtype=bool)
        used[asked[asked // SECTOR == sector] % SECTOR] = True
        uses.append(SectorUse(int(sector - first), used))
    return uses


def sectors(
    traces: Trace | Sequence[Trace],
    array: str,
    titles: Sequence[str] = ("",),
    *,
    block: int = 0,
    warp: int = 0,
) -> Figure:
    """Los sectores que hace viajar el primer acceso de un warp a ``array``.

    Args:
        traces: una traza, o varias para compararlas lado a lado.
        array: nombre del arreglo.
        titles: un título por traza.
        block, warp: índice lineal del bloque y número de warp dentro de él.
    """
    each = [traces] if isinstance(traces, Trace) else list(traces)
    found = [_first_of(t, array, block, warp) for t in each]
    uses = [sector_uses(a, block, warp) for a in found]
    tallest = max(len(u) for u in uses)
    fig, axes = style.figure(1.1 + 0.135 * tallest, ncols=len(each), squeeze=False)
    for ax, use, record, title in zip(axes[0], uses, found, titles, strict=True):
        _sector_column(ax, use, record.size, tallest)
        style.title(ax, f"{title}\n{_summary(use)}".strip())
    _sector_legend(fig)
    return fig


def _first_of(trace: Trace, array: str, block: int, warp: int) -> TracedAccess:
    for record in accesses_to(trace, array):
        if block in record.blocks and record.mask[block - record.first_block, warp].any():
            return record
    raise ValueError(f"El warp {warp} del bloque {block} no toca «{array}».")


def _sector_column(ax: Axes, uses: list[SectorUse], word: int, rows: int) -> None:
    words = SECTOR // word
    for row, use in enumerate(uses):
        for w, on in enumerate(use.used.reshape(words, word).any(axis=1)):
            style.cell(ax, (w, row), style.USED if on else style.FETCHED, size=(1, 0.84))
    style.canvas(ax, words, rows)
    shown = range(0, len(uses), max(1, len(uses) // 4))
    ax.set_yticks([r + 0.42 for r in shown], [f"sector {uses[r].number}" for r in shown])
    ax.tick_params(length=0)


def _summary(uses: list[SectorUse]) -> str:
    moved = SECTOR * len(uses)
    useful = sum(int(u.used.sum()) for u in uses)
    return f"{len(uses)} sectores\n{useful} de {moved} B"


def _sector_legend(fig: Figure) -> None:
    handles = [
        Patch(facecolor=style.USED, label="pedido"),
        Patch(facecolor=style.FETCHED, label="viajó sin pedirse"),
    ]
    fig.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)
