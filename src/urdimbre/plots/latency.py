"""Líneas de tiempo: quién trabaja y quién espera en cada ciclo de un modelo."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from urdimbre.plots import style

WORKING, WAITING_DATA, WAITING_TURN = 1, 0, -1

_LOOK = {
    WORKING: (style.BLUE, None, "trabaja"),
    WAITING_DATA: (style.EMPTY, style.IDLE_HATCH, "espera su dato"),
    WAITING_TURN: (style.tint(1), None, "espera su turno"),
}


def timelines(states: Sequence[np.ndarray], titles: Sequence[str]) -> Figure:
    """Una línea de tiempo por cada modelo, una debajo de otra.

    Args:
        states: matrices ``(grupos, ciclos)`` con 1 (trabaja), 0 (espera un dato)
            o -1 (espera su turno).
        titles: el título de cada una.
    """
    rows = [s.shape[0] for s in states]
    fig, axes = style.figure(
        1.0 + sum(0.2 * r + 0.3 for r in rows),
        nrows=len(states),
        squeeze=False,
        gridspec_kw={"height_ratios": rows},
    )
    for ax, state, title in zip(axes[:, 0], states, titles, strict=True):
        _timeline(ax, state)
        style.title(ax, title)
    axes[-1, 0].set_xlabel("ciclo")
    handles = [
        Patch(facecolor=fill, hatch=hatch, edgecolor=style.LINE, label=text)
        for fill, hatch, text in _LOOK.values()
    ]
    fig.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
    return fig


def _timeline(ax: Axes, state: np.ndarray) -> None:
    groups, cycles = state.shape
    for g, row in enumerate(state):
        for start, stop in _runs(row):
            fill, hatch, _ = _LOOK[int(row[start])]
            style.cell(ax, (start, g), fill, size=(stop - start, 0.86), hatch=hatch)
    style.canvas(ax, cycles, groups)
    ax.set_xticks(range(0, cycles + 1, 8))


def _runs(row: np.ndarray) -> list[tuple[int, int]]:
    """Tramos ``[inicio, fin)`` de valor constante."""
    edges = np.flatnonzero(np.diff(row)) + 1
    bounds = [0, *edges.tolist(), row.size]
    return list(pairwise(bounds))
