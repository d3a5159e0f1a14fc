"""Teselas: cuántas veces se pide cada dato y por dónde pasa un warp al moverlo."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from urdimbre.errors import ArgumentError
from urdimbre.observe.trace import Trace, TracedAccess
from urdimbre.plots import footprint, style

ROW = 32  # elementos por fila al dibujar un vector
COLUMNS = 2
NOBODY, BLOCK, CARRIED, WARP = range(4)
_LABELS = {WARP: "pedido", CARRIED: "viaja sin pedirse", BLOCK: "otros warps"}
_COLORS = {NOBODY: style.EMPTY, BLOCK: "#d8d8d2", CARRIED: style.SKY, WARP: style.USED}


def reads_per_element(traces: Mapping[str, Trace], array: str) -> Figure:
    """Cuántas veces pide cada elemento de ``array`` algún hilo, una gráfica por traza.

    Errors:
        ArgumentError: nadie lee ese arreglo en alguna de las trazas.
    """
    counts = {name: footprint.times_read(trace, array) for name, trace in traces.items()}
    tallest = max(int(c.max()) for c in counts.values())
    fig, axes = style.figure(0.6 + 1.25 * len(counts), nrows=len(counts), sharex=True, squeeze=False)
    for ax, (name, times) in zip(axes[:, 0], counts.items(), strict=True):
        _steps(ax, times, tallest)
        ax.set_title(f"{name}: {times.sum() / times.size:.2f} veces en promedio".replace(".", ","), loc="left")
    axes[-1, 0].set_xlabel(f"elemento de «{array}»")
    fig.supylabel("veces que se pide", fontsize=style.FONT)
    return fig


def _steps(ax: Axes, times: np.ndarray, tallest: int) -> None:
    edges = np.arange(times.size + 1, dtype=np.int64)
    ax.stairs(times, edges, fill=True, color=style.BLUE)
    ax.set_ylim(0, tallest * 1.1)
    ax.set_xlim(0, times.size)
    ax.yaxis.get_major_locator().set_params(integer=True)
    ax.spines[["top", "right"]].set_visible(False)


def warp_path(trace: Trace, *, block: int = 0, warp: int = 0) -> Figure:
    """Los pasos de un warp: un panel por instrucción, en orden, con lo que toca y lo que cuesta.

    Los arreglos de dos dimensiones se ven como matrices; los demás, en filas de 32 elementos.

    Args:
        block: índice lineal del bloque.
        warp: número del warp dentro del bloque.

    Errors:
        ArgumentError: ese warp no hace ningún acceso en la traza.
    """
    steps = list(footprint.joined(trace, block, warp))
    if not steps:
        raise ArgumentError(f"En la traza, el warp {warp} del bloque {block} no hace accesos.")
    rows = -(-len(steps) // COLUMNS)
    fig, axes = style.figure(0.5 + 2.75 * rows, nrows=rows, ncols=COLUMNS, squeeze=False)
    for number, ax in enumerate(axes.flat):
        if number < len(steps):
            _step(ax, number + 1, steps[number], block, warp)
        else:
            style.bare(ax)
    _path_legend(fig, steps)
    return fig


def owners(access: TracedAccess, block: int, warp: int) -> np.ndarray:
    """De quién es cada elemento en ese acceso: int64 con la forma en que se dibuja."""
    size = int(np.prod(access.shape, dtype=np.int64))
    rows, columns = access.shape if len(access.shape) == 2 else (-(-size // ROW), ROW)
    owner = np.full(rows * columns, NOBODY, np.int64)
    owner[footprint.block_elements(access, block)] = BLOCK
    if access.space == "global":
        owner[footprint.sector_elements(access, block, warp)] = CARRIED
    owner[footprint.warp_elements(access, block, warp)] = WARP
    return owner.reshape(rows, columns)


def _step(ax: Axes, number: int, access: TracedAccess, block: int, warp: int) -> None:
    picture = owners(access, block, warp)
    colors = ListedColormap([_COLORS[k] for k in (NOBODY, BLOCK, CARRIED, WARP)])
    ax.imshow(picture, cmap=colors, vmin=NOBODY, vmax=WARP, interpolation="nearest")
    cost = footprint.cost_text(access, block, warp)
    ax.set_title(f"{number}. {footprint.VERBS[access.kind]} «{access.name}»\n{cost}", loc="left")
    rows, columns = picture.shape
    ax.set_xticks(np.arange(0, columns, ROW) - 0.5, [str(c) for c in range(0, columns, ROW)])
    ax.set_yticks(np.arange(0, rows, ROW) - 0.5, [str(r) for r in range(0, rows, ROW)])


def _path_legend(fig: Figure, steps: list[TracedAccess]) -> None:
    handles = [Patch(facecolor=_COLORS[k], label=_LABELS[k]) for k in (WARP, CARRIED, BLOCK)]
    fig.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
