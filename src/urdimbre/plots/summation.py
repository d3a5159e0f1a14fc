"""Sumar entre muchos: la fila de una operación atómica y el error que deja cada orden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from urdimbre.errors import ArgumentError
from urdimbre.observe.trace import Trace
from urdimbre.plots import style

WARP = 32
MARKS = ("o", "s", "^", "D")


def passes(trace: Trace, array: str, *, block: int = 0, warp: int = 0) -> np.ndarray:
    """En qué pasada se atiende a cada carril en la primera atómica de un warp.

    Returns:
        int64 ``(32,)``: 0 para el primero de cada dirección, 1 para el segundo...; -1 si el
        carril no participa.

    Errors:
        ArgumentError: el warp no hace ninguna atómica sobre ``array``.
    """
    for access in trace.accesses:
        if access.kind != "atomic" or access.name != array or block not in access.blocks:
            continue
        mask = access.mask[block - access.first_block, warp]
        if mask.any():
            return _ranks(access.address[block - access.first_block, warp], mask)
    raise ArgumentError(f"En la traza, el warp {warp} no hace atómicas sobre «{array}».")


def _ranks(address: np.ndarray, mask: np.ndarray) -> np.ndarray:
    seen: dict[int, int] = {}
    rank = np.full(WARP, -1, np.int64)
    for lane in np.flatnonzero(mask):
        where = int(address[lane])
        rank[lane] = seen.get(where, 0)
        seen[where] = seen.get(where, 0) + 1
    return rank


def queue(traces: Mapping[str, Trace], array: str) -> Figure:
    """La fila de la primera atómica de un warp, un panel por traza: una fila por pasada."""
    ranks = {name: passes(trace, array) for name, trace in traces.items()}
    deepest = [int(rank.max()) + 1 for rank in ranks.values()]
    fig, axes = style.figure(
        0.5 + 0.075 * sum(deepest) + 0.42 * len(ranks),
        nrows=len(ranks),
        sharex=True,
        squeeze=False,
        height_ratios=[d + 3 for d in deepest],
    )
    for ax, (name, rank), depth in zip(axes[:, 0], ranks.items(), deepest, strict=True):
        _served(ax, rank, depth)
        plural = "pasada" if depth == 1 else "pasadas"
        style.title(ax, f"{name}: {depth} {plural}")
    axes[-1, 0].set_xticks([b + 0.5 for b in (0, 8, 16, 24, 31)], ["0", "8", "16", "24", "31"])
    axes[-1, 0].set_xlabel("carril")
    return fig


def _served(ax: Axes, rank: np.ndarray, depth: int) -> None:
    style.cell(ax, (0, 0), style.EMPTY, size=(WARP, depth))
    for lane in np.flatnonzero(rank >= 0):
        style.cell(ax, (lane, rank[lane]), style.BLUE, size=(1, 1))
    style.canvas(ax, WARP, depth)
    shown = sorted({0, depth - 1})
    ax.set_yticks([s + 0.5 for s in shown], [str(s + 1) for s in shown])
    ax.tick_params(length=0)
    ax.set_ylabel("pasada")


def spread(errors: Mapping[str, Sequence[float]], unit: str) -> Figure:
    """Lo que dio cada orden, un punto por ejecución, medido desde el valor exacto.

    Args:
        errors: de cada manera de sumar, la diferencia con el valor exacto en cada ejecución.
        unit: en qué se mide, para el eje.
    """
    fig, ax = style.figure(0.9 + 0.55 * len(errors))
    for row, (values, mark) in enumerate(zip(errors.values(), MARKS, strict=False)):
        # Los puntos se separan hacia abajo para que los repetidos se vean.
        height = row + np.linspace(-0.28, 0.28, len(values))
        ax.plot(values, height, mark, color=style.STRONG[row], markersize=4, alpha=0.8)
    ax.axvline(0, color=style.INK, linewidth=1)
    ax.set_yticks(range(len(errors)), list(errors))
    ax.set_ylim(len(errors) - 0.5, -0.5)
    ax.set_xlabel(unit)
    ax.spines[["top", "right"]].set_visible(False)
    return fig


def growth(
    sizes: Sequence[int], errors: Mapping[str, Sequence[float]], bounds: Mapping[str, Sequence]
) -> Figure:
    """El error según cuántos elementos se suman, con su cota en línea punteada.

    Args:
        sizes: cuántos elementos.
        errors: el error relativo medido, por nombre.
        bounds: la cota de cada uno, con los mismos nombres.
    """
    fig, ax = style.figure(3.0)
    for k, (name, values) in enumerate(errors.items()):
        color = style.STRONG[k]
        ax.loglog(sizes, values, MARKS[k], color=color, label=name, base=2, markersize=5)
        ax.loglog(sizes, bounds[name], ":", color=color, label=f"cota, {name}", base=2)
    ax.set_yscale("log", base=10)
    ax.set_xlabel("elementos")
    ax.set_ylabel("error relativo")
    ax.grid(color=style.OFF, linewidth=0.6)
    ax.spines[["top", "right"]].set_visible(False)
    fig.legend(loc="outside lower center", ncols=2, frameon=False)
    return fig
