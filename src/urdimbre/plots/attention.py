"""La atención: sus pesos, lo que mueve cada versión y las teselas que recorre un bloque."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, NullLocator

from urdimbre.errors import ArgumentError
from urdimbre.observe.trace import Trace
from urdimbre.plots import footprint, style
from urdimbre.plots.roofline import MARKS

HEAT = LinearSegmentedColormap.from_list("peso", [style.PAPER, style.SKY, style.BLUE])
SKIPPED, LOADED = style.EMPTY, style.SKY
COLUMNS = ("m", "α", "ℓ")


def weights(matrix: np.ndarray, rows: Sequence[str], columns: Sequence[str]) -> Figure:
    """Una matriz de pesos, con el número en cada casilla: más oscuro, más peso.

    Args:
        matrix: ``(filas, columnas)``, de 0 a 1.
        rows, columns: el nombre de cada fila y de cada columna.
    """
    if matrix.shape != (len(rows), len(columns)):
        raise ArgumentError(f"La matriz es {matrix.shape}: faltan o sobran nombres.")
    fig, ax = style.figure(0.9 + 0.55 * len(rows))
    style.canvas(ax, len(columns), len(rows))
    for (i, j), value in np.ndenumerate(matrix):
        _heat_cell(ax, (j, i), float(value))
    ax.set_xticks(np.arange(len(columns)) + 0.5, columns)
    ax.set_yticks(np.arange(len(rows)) + 0.5, rows)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    return fig


def _heat_cell(ax: Axes, corner: tuple[float, float], value: float) -> None:
    ink = style.PAPER if value > 0.7 else style.INK
    style.cell(ax, corner, HEAT(min(max(value, 0.0), 1.0)), number(value), ink=ink)


def number(value: float) -> str:
    """Un número corto con coma decimal; los infinitos, con su signo."""
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.2f}".replace(".", ",").replace("-", "−")


def curves(
    x: Sequence[int],
    lines: Mapping[str, Sequence[float]],
    labels: tuple[str, str],
    *,
    formulas: Mapping[str, Sequence[float]] | None = None,
    log: bool = True,
) -> Figure:
    """Series contadas, con marcas, y las fórmulas que deben pasar por ellas, con líneas.

    Args:
        x: los valores del eje horizontal, en escala logarítmica de base dos.
        lines: por nombre, un valor por cada ``x``.
        labels: el nombre de cada eje.
        formulas: por el mismo nombre, lo que da la cuenta en papel; sin ella, se unen las marcas.
        log: si el eje vertical es logarítmico.
    """
    fig, ax = style.figure(3.3)
    formulas = formulas or {}
    for (name, values), color, mark in zip(lines.items(), style.STRONG, MARKS, strict=False):
        ax.plot(x, formulas.get(name, values), color=color, lw=1.4)
        ax.plot(x, values, mark, color=color, markersize=7, label=name)
    ax.set_xscale("log", base=2)
    ax.set_xticks(list(x), [str(v) for v in x])
    ax.xaxis.set_minor_locator(NullLocator())
    if log:
        ax.set_yscale("log")
        ax.yaxis.set_minor_locator(NullLocator())
    else:
        ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}".replace(".", ",")))
    ax.set_xlabel(labels[0])
    ax.set_ylabel(labels[1])
    ax.grid(True, color=style.EMPTY)
    fig.legend(loc="outside lower center", ncols=2, frameon=False)
    return fig


def walk(
    scores: np.ndarray, history: Sequence[tuple[np.ndarray, ...]], keys: int
) -> tuple[list[Figure], list[str]]:
    """Una tesela de consultas que recorre las de claves: un paso por tesela, y la división.

    Sirve para ``motion.steps``.

    Args:
        scores: ``(filas, claves)``: los puntajes, que se calculan de a una tesela.
        history: el estado antes de empezar y después de cada tesela: ``(m, alfa, l, acc)``, con
            un valor por fila, y ``acc`` de ``(filas, d)``.
        keys: claves por tesela.

    Returns:
        Las figuras, todas del mismo tamaño, y una frase para cada una.
    """
    tiles = -(-scores.shape[1] // keys)
    if len(history) != tiles + 1:
        raise ArgumentError(f"Son {tiles} teselas: se esperaban {tiles + 1} estados.")
    figures = [_walk_frame(scores, history[t], keys, t - 1) for t in range(tiles + 1)]
    captions = [_walk_caption(history, t) for t in range(tiles + 1)]
    m, alpha, total, acc = history[-1]
    figures.append(_walk_frame(scores, (m, alpha, total, acc / total[:, None]), keys, tiles))
    return figures, [*captions, "Al final, una sola división: cada acumulador entre su suma ℓ."]


def _walk_caption(history: Sequence[tuple[np.ndarray, ...]], t: int) -> str:
    if t == 0:
        return "Antes de empezar: m en menos infinito; la suma ℓ y el acumulador, en cero."
    moved = int(np.count_nonzero(history[t][0] > history[t - 1][0]))
    if t == 1:
        return "Tesela 1: todo es nuevo, y α vale cero porque no había nada que corregir."
    changed = {0: "ningún máximo sube y α es 1", 1: "sube un máximo: α corrige esa fila"}
    return (
        f"Tesela {t}: " + changed.get(moved, f"suben {moved} máximos: α corrige esas filas") + "."
    )


def _walk_frame(scores: np.ndarray, state: tuple[np.ndarray, ...], keys: int, tile: int) -> Figure:
    """Arriba, los puntajes; abajo, el estado de cada fila. ``tile`` es la tesela actual."""
    rows, n = scores.shape
    fig, (top, bottom) = style.figure(1.5 + 0.75 * rows, nrows=2)
    style.canvas(top, n, rows)
    for i, j in np.ndindex(rows, n):
        here, past = j // keys == tile, j // keys < tile
        text = number(float(scores[i, j])) if here else ""
        style.cell(top, (j, i), (style.EMPTY, style.OFF, style.SKY)[past + 2 * here], text, font=9)
    if 0 <= tile < -(-n // keys):
        style.frame(top, (tile * keys, 0), (min(keys, n - tile * keys), rows))
    style.title(top, "puntajes: solo existe la tesela actual")
    _state_table(bottom, state, divided=tile * keys >= n)
    return fig


def _state_table(ax: Axes, state: tuple[np.ndarray, ...], divided: bool) -> None:
    m, alpha, total, acc = state
    rows, d = acc.shape
    names = [*COLUMNS, *(f"{'salida' if divided else 'acc'} {c}" for c in range(d))]
    style.canvas(ax, len(names), rows + 1)
    for j, name in enumerate(names):
        style.cell(ax, (j, 0), style.PAPER, name, font=9)
    for i in range(rows):
        for j, value in enumerate((m[i], alpha[i], total[i], *acc[i])):
            fill = style.TINTS[1] if j >= len(COLUMNS) else style.EMPTY
            style.cell(ax, (j, i + 1), fill, number(float(value)), font=9)


def visited(traces: Mapping[str, Trace], rows: int, keys: int) -> Figure:
    """Qué teselas de claves carga cada bloque de consultas, un panel por traza.

    Args:
        traces: por nombre, un lanzamiento que lee ``k``, de ``(claves, d)``.
        rows: consultas por bloque.
        keys: claves por tesela.

    Errors:
        ArgumentError: en alguna traza nadie lee «k».
    """
    fig, axes = style.figure(3.2, ncols=len(traces), squeeze=False)
    for ax, (name, trace) in zip(axes[0], traces.items(), strict=True):
        loaded = tiles_loaded(trace, keys)
        _tile_map(ax, loaded, rows / keys)
        style.title(ax, f"{name}: {int(loaded.sum())} de {loaded.size}")
    handles = [Patch(facecolor=LOADED, label="se carga"),
               Patch(facecolor=SKIPPED, edgecolor=style.LINE, label="se salta")]  # fmt: skip
    fig.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)
    return fig


def tiles_loaded(trace: Trace, keys: int) -> np.ndarray:
    """bool ``(bloques, teselas)``: si el bloque lee alguna clave de esa tesela."""
    reads = [a for a in trace.accesses if (a.name, a.kind) == ("k", "load")]
    if not reads:
        raise ArgumentError("En la traza nadie lee «k».")
    n, d = reads[0].shape
    blocks = int(np.prod(trace.launch.grid, dtype=np.int64))
    loaded = np.zeros((blocks, -(-n // keys)), bool)
    for access in reads:
        for block in access.blocks:
            loaded[block, footprint.block_elements(access, block) // (d * keys)] = True
    return loaded


def _tile_map(ax: Axes, loaded: np.ndarray, slope: float) -> None:
    blocks, tiles = loaded.shape
    style.canvas(ax, tiles, blocks)
    ax.set_aspect("equal")
    for (i, j), seen in np.ndenumerate(loaded):
        style.cell(ax, (j, i), LOADED if seen else SKIPPED)
    # La diagonal de la máscara, alineada con la última clave.
    first = tiles - blocks * slope
    ax.plot([first, tiles], [0, blocks], color=style.INK, lw=1.4)
    ax.set_xlabel("tesela de claves")
    ax.set_ylabel("bloque de consultas")
