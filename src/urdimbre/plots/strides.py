"""Zancadas: cuánto viaja según la distancia entre vecinos, y en qué orden se recorre una matriz."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from urdimbre.errors import ArgumentError
from urdimbre.observe.tally import SECTOR_BYTES
from urdimbre.observe.trace import Trace
from urdimbre.plots import footprint, style

ACROSS = 4  # sectores por renglón en la ventana: 128 B


def curve(series: Mapping[str, Mapping[int, float]], xlabel: str) -> Figure:
    """Sectores por petición contra la zancada o el desplazamiento, una línea por serie.

    Args:
        series: nombre -> (abscisa -> sectores por petición), ya contados.
        xlabel: qué es la abscisa.
    """
    fig, ax = style.figure(2.9)
    marks = "osD^"
    for k, (name, points) in enumerate(series.items()):
        xs = sorted(points)
        ys = [points[x] for x in xs]
        ax.plot(xs, ys, marks[k % 4] + "-", color=style.STRONG[k], label=name, markersize=5)
    ax.set_xlabel(xlabel)
    ax.set_ylabel("sectores por petición")
    ax.set_ylim(bottom=0)
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis="y", color=style.OFF)
    ax.legend(frameon=False, loc="best")
    return fig


def memory_window(
    trace: Trace, array: str, rows: int = 8, *, block: int = 0, warp: int = 0
) -> Figure:
    """El comienzo de un arreglo, palabra por palabra: lo que pide un warp y lo que viaja con ello.

    Cada renglón son cuatro sectores; el tamaño del dibujo no depende del acceso, así que varias
    ventanas forman una secuencia.

    Args:
        trace: la traza; se usa el primer acceso del warp a ``array``.
        rows: renglones de 128 B.
        block, warp: índice lineal del bloque y número de warp dentro de él.

    Errors:
        ArgumentError: el warp no toca ese arreglo.
    """
    access = _first(trace, array, block, warp)
    words = SECTOR_BYTES // access.dtype.itemsize
    asked = footprint.warp_elements(access, block, warp)
    carried = footprint.sector_elements(access, block, warp)
    fig, ax = style.figure(0.75 + 0.22 * rows)
    for element in range(rows * ACROSS * words):
        row, column = divmod(element, ACROSS * words)
        fill = style.USED if element in asked else style.SKY if element in carried else style.OFF
        style.cell(ax, (column, row), fill, size=(1, 0.84))
    style.canvas(ax, ACROSS * words, rows)
    _label_window(ax, rows, words)
    _window_legend(fig)
    return fig


def _first(trace: Trace, array: str, block: int, warp: int):
    for access in footprint.joined(trace, block, warp):
        if access.name == array:
            return access
    raise ArgumentError(f"En la traza, el warp {warp} del bloque {block} no toca «{array}».")


def _label_window(ax: Axes, rows: int, words: int) -> None:
    for k in range(ACROSS + 1):
        ax.plot([k * words] * 2, [0, rows], color=style.INK, linewidth=0.8)
    ax.set_xticks(
        [(k + 0.5) * words for k in range(ACROSS)], [f"sector {k}" for k in range(ACROSS)]
    )
    shown = range(0, rows, 2)
    ax.set_yticks([r + 0.42 for r in shown], [f"{128 * r} B" for r in shown])
    ax.tick_params(length=0)


def _window_legend(fig: Figure) -> None:
    kinds = {style.USED: "pedido", style.SKY: "viaja sin pedirse", style.OFF: "no viaja"}
    handles = [Patch(facecolor=color, label=text) for color, text in kinds.items()]
    fig.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)


def turns(trace: Trace, array: str, block: int = 0, warp: int = 0) -> np.ndarray:
    """En qué vuelta lee un warp cada elemento de una matriz: int64, -1 donde no la lee.

    Errors:
        ArgumentError: el warp no lee ``array``, o ``array`` no tiene dos dimensiones.
    """
    reads = [a for a in footprint.joined(trace, block, warp) if (a.name, a.kind) == (array, "load")]
    if not reads or len(reads[0].shape) != 2:
        raise ArgumentError(f"En la traza, el warp {warp} no lee una matriz «{array}».")
    order = np.full(reads[0].shape, -1, np.int64)
    for turn, access in enumerate(reads):
        order.reshape(-1)[footprint.warp_elements(access, block, warp)] = turn
    return order


def reading_order(
    traces: Mapping[str, Trace],
    array: str,
    corner: tuple[int, int],
    *,
    block: int = 0,
    warp: int = 0,
) -> Figure:
    """En qué orden recorre un warp la esquina de una matriz, un panel por traza.

    Cada color es una vuelta: lo que se ve del mismo color se lee a la vez.

    Args:
        traces: título -> traza.
        array: nombre de la matriz.
        corner: cuántas filas y columnas se dibujan.
    """
    rows, columns = corner
    orders = {name: turns(t, array, block, warp)[:rows, :columns] for name, t in traces.items()}
    fig, axes = style.figure(0.95 + 1.6 * len(orders), nrows=len(orders), squeeze=False)
    for ax, (name, order) in zip(axes[:, 0], orders.items(), strict=True):
        shown = colormaps["cividis"](order / max(1, int(order.max())))
        shown[order < 0] = (0.95, 0.95, 0.94, 1.0)
        ax.imshow(shown, interpolation="nearest", aspect="auto")
        ax.set_title(name, loc="left")
        ax.set_ylabel("fila")
        ax.set_yticks(range(0, order.shape[0], 2))
    axes[-1, 0].set_xlabel("columna")
    handles = [
        Patch(facecolor=colormaps["cividis"](0.0), label="primera vuelta"),
        Patch(facecolor=colormaps["cividis"](1.0), label="última vuelta"),
        Patch(facecolor=style.EMPTY, label="otros warps"),
    ]
    fig.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
    return fig
