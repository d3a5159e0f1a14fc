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
_COLORS = {NOBODY: style.EMPTY, BLOCK: style.OFF, CARRIED: style.SKY, WARP: style.USED}


def reads_per_element(traces: Mapping[str, Trace], array: str) -> Figure:
    """Cuántas veces pide cada elemento de ``array`` algún hilo, una gráfica por traza.

    Errors:
        ArgumentError: nadie lee ese arreglo en alguna de las trazas.
    """
    counts = {name: footprint.times_read(trace, array) for name, trace in traces.items()}
    tallest = max(int(c.max()) for c in counts.values())
    rows = len(counts)
    fig, axes = style.figure(0.6 + 1.25 * rows, nrows=rows, sharex=True, squeeze=False)
    for ax, (name, times) in zip(axes[:, 0], counts.items(), strict=True):
        _steps(ax, times, tallest)
        mean = f"{times.sum() / times.size:.2f}".replace(".", ",")
        ax.set_title(f"{name}: {mean} veces en promedio", loc="left")
    axes[-1, 0].set_xlabel(f"elemento de «{array}»")
    fig.supylabel("veces que se pide", fontsize=style.FONT)
    return fig


def _steps(ax: Axes, times: np.ndarray, tallest: int) -> None:
    edges = np.arange(times.size + 1, dtype=np.int64)
    ax.stairs(times, edges, fill=True, color=style.BLUE)
    ax.set_ylim(0, tallest * 1.1)
    ax.set_xlim(0, times.size)
    ax.set_yticks(sorted({1, tallest}))
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
    pictures = [owners(access, block, warp) for access in steps]
    for ax in axes.flat[len(steps) :]:
        style.bare(ax)
    for number, (ax, access, picture) in enumerate(zip(axes.flat, steps, pictures), start=1):
        _matrix(ax, picture)
        spent = footprint.cost_text(access, block, warp)
        verb = footprint.VERBS[access.kind]
        ax.set_title(f"{number}. {verb} «{access.name}»\n{spent}", loc="left")
    _path_legend(fig, {int(k) for p in pictures for k in np.unique(p)})
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


def _matrix(ax: Axes, picture: np.ndarray) -> None:
    colors = ListedColormap([_COLORS[k] for k in (NOBODY, BLOCK, CARRIED, WARP)])
    ax.imshow(picture, cmap=colors, vmin=NOBODY, vmax=WARP, interpolation="nearest")
    rows, columns = picture.shape
    across, down = (np.arange(0, n + 1, ROW, dtype=np.int64) for n in (columns, rows))
    ax.set_xticks(across - 0.5, [str(c) for c in across])
    ax.set_yticks(down - 0.5, [str(r) for r in down])


def _path_legend(fig: Figure, seen: set[int]) -> None:
    handles = [Patch(facecolor=_COLORS[k], label=text) for k, text in _LABELS.items() if k in seen]
    fig.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
