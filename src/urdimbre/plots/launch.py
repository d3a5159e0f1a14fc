"""Quién es cada hilo: mallas, bloques, warps y máscaras, dibujados con una traza."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from urdimbre.observe.trace import Trace, TracedAccess
from urdimbre.plots import style


def accesses_to(trace: Trace, array: str) -> list[TracedAccess]:
    """Los accesos al arreglo ``array``, o a un campo de sus registros, en orden.

    Raises:
        ValueError: si la traza no tiene ninguno; el mensaje dice cuáles hay.
    """
    found = [a for a in trace.accesses if array in (a.name, a.name.partition(".")[0])]
    if not found:
        names = sorted({a.name for a in trace.accesses})
        raise ValueError(f"La traza no tiene accesos a «{array}»; tiene: {', '.join(names)}.")
    return found


def _first_line(accesses: list[TracedAccess]) -> list[TracedAccess]:
    """Los accesos de la primera línea: uno por tanda de bloques."""
    return [a for a in accesses if a.line == accesses[0].line]


def blocks_1d(trace: Trace, array: str) -> Figure:
    """Una fila por bloque y una casilla por hilo, con el índice de ``array`` que tocó.

    Los hilos que no participaron van rayados. Pensada para bloques de hasta 16 hilos.
    """
    records = _first_line(accesses_to(trace, array))
    blocks, threads = trace.launch.grid[0], trace.launch.block[0]
    fig, ax = style.figure(0.75 + 0.42 * blocks)
    for record in records:
        for b, block in enumerate(record.blocks):
            _thread_row(ax, record, b, block, threads)
    style.canvas(ax, threads, blocks)
    ax.set_xticks(np.arange(threads) + 0.5, [str(t) for t in range(threads)])
    ax.set_yticks(np.arange(blocks) + 0.43, [f"bloque {b}" for b in range(blocks)])
    ax.tick_params(length=0)
    ax.set_xlabel("hilo dentro del bloque (threadIdx.x)")
    return fig


def _thread_row(ax: Axes, record: TracedAccess, b: int, block: int, threads: int) -> None:
    mask = record.mask[b].reshape(-1)
    index = record.index[0][b].reshape(-1)
    for t in range(threads):
        if mask[t]:
            style.cell(ax, (t, block), style.tint(block), str(index[t]), size=(1, 0.86))
        else:
            style.cell(ax, (t, block), style.EMPTY, size=(1, 0.86), hatch=style.IDLE_HATCH)


def blocks_2d(trace: Trace, array: str) -> Figure:
    """Los bloques de una malla de dos dimensiones sobre el arreglo que recorren.

    Cada hilo se dibuja en ``(x, y)``; los que no participaron van rayados, y el borde grueso es
    la forma del arreglo.
    """
    records = _first_line(accesses_to(trace, array))
    (gx, gy, _), (bx, by, _) = trace.launch.grid, trace.launch.block
    fig, ax = style.figure(0.35 + style.WIDTH * (gy * by) / (gx * bx))
    for record in records:
        for b, block in enumerate(record.blocks):
            _block_patch(ax, record, b, (block % gx, block // gx), (bx, by))
    rows, cols = records[0].shape
    style.canvas(ax, gx * bx, gy * by)
    style.frame(ax, (0, 0), (cols, rows))
    ax.set_aspect("equal")
    ax.set_xticks([0, cols], ["0", str(cols)])
    ax.set_yticks([0, rows], ["0", str(rows)])
    ax.set_xlabel("x (columnas)")
    ax.set_ylabel("y (filas)")
    return fig


def _block_patch(ax: Axes, record: TracedAccess, b: int, place, dims) -> None:
    (px, py), (bx, by) = place, dims
    mask = record.mask[b].reshape(-1)
    # Bloques vecinos, tonos distintos, también en diagonal.
    fill = style.tint(px + 2 * py)
    for t in range(bx * by):
        corner = (px * bx + t % bx, py * by + t // bx)
        if mask[t]:
            style.cell(ax, corner, fill)
        else:
            style.cell(ax, corner, style.EMPTY, hatch=style.IDLE_HATCH)
    _label_block(ax, (px * bx, py * by), mask.reshape(-1)[: bx * by].reshape(by, bx), place)


def _label_block(ax: Axes, corner, mask: np.ndarray, place) -> None:
    """Las coordenadas del bloque, en el centro de sus hilos activos."""
    ys, xs = np.nonzero(mask)
    if xs.size == 0:
        return
    x, y = corner[0] + xs.mean() + 0.5, corner[1] + ys.mean() + 0.5
    ax.text(
        x,
        y,
        f"({place[0]}, {place[1]})",
        ha="center",
        va="center",
        color=style.INK,
        fontweight="bold",
    )


def block_warps(trace: Trace) -> Figure:
    """Los hilos del bloque en su lugar ``(x, y)``, con su número de orden y un color por warp.

    Pensada para bloques de dos dimensiones y hasta 16 hilos de ancho.
    """
    bx, by, _ = trace.launch.block
    fig, ax = style.figure(0.75 + 0.36 * by)
    for t in range(bx * by):
        warp = t // trace.accesses[0].mask.shape[-1]
        style.cell(ax, (t % bx, t // bx), style.tint(warp), str(t), size=(1, 0.9))
    style.canvas(ax, bx, by)
    ax.set_xticks(np.arange(bx) + 0.5, [str(x) for x in range(bx)])
    ax.set_yticks(np.arange(by) + 0.45, [str(y) for y in range(by)])
    ax.tick_params(length=0)
    ax.set_xlabel("threadIdx.x")
    ax.set_ylabel("threadIdx.y")
    return fig


def warp_masks(trace: Trace, block: int = 0, warp: int = 0) -> Figure:
    """Las instrucciones de memoria de un warp, en orden, con sus carriles encendidos.

    Args:
        trace: la traza.
        block, warp: índice lineal del bloque y número de warp dentro de él.
    """
    steps = [a for a in trace.accesses if block in a.blocks and _lanes(a, block, warp).any()]
    fig, ax = style.figure(0.9 + 0.42 * len(steps))
    for row, record in enumerate(steps):
        for lane, on in enumerate(_lanes(record, block, warp)):
            style.cell(ax, (lane, row), style.BLUE if on else style.OFF, size=(1, 0.8))
    style.canvas(ax, steps[0].mask.shape[-1], len(steps))
    marks = [0, 8, 16, 24, 31]
    ax.set_xticks([m + 0.5 for m in marks], [str(m) for m in marks])
    ax.set_yticks(np.arange(len(steps)) + 0.4, [_source(trace, a) for a in steps])
    ax.tick_params(axis="y", labelfontfamily="monospace", length=0, labelcolor=style.INK)
    ax.set_xlabel("carril")
    _mask_legend(fig)
    return fig


def _lanes(record: TracedAccess, block: int, warp: int) -> np.ndarray:
    return record.mask[block - record.first_block, warp]


def _source(trace: Trace, record: TracedAccess) -> str:
    verb = {"load": "lee", "store": "escribe", "atomic": "atómica"}[record.kind]
    return f"{trace.launch.source_line(record.line)}\n{verb}"


def _mask_legend(fig: Figure) -> None:
    handles = [
        Patch(facecolor=style.BLUE, label="encendido"),
        Patch(facecolor=style.OFF, label="apagado"),
    ]
    fig.legend(handles=handles, loc="outside upper right", ncols=2, frameon=False)
