"""Softmax y normas: lo que cabe en un float32, el softmax en línea y lo que mueve cada versión."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from urdimbre.plots import style

MARKS = ("o", "s", "^", "D")
SEEN, NOW, AHEAD = style.SKY, style.ORANGE, style.EMPTY


@dataclass(frozen=True)
class Pair:
    """Un trozo de fila resumido: su máximo ``m`` y su suma ``d`` de ``exp(v - m)``."""

    m: float
    d: float

    def __str__(self) -> str:
        return f"({_short(self.m)}; {_short(self.d)})"


def merge(left: Pair, right: Pair) -> Pair:
    """El resumen de dos trozos juntos; el de un trozo vacío es ``(-inf, 0)``."""
    m = max(left.m, right.m)
    if m == -math.inf:
        return Pair(m, 0.0)
    return Pair(m, left.d * math.exp(left.m - m) + right.d * math.exp(right.m - m))


def running_pairs(row: Sequence[float]) -> list[Pair]:
    """El resumen de los primeros 1, 2, ... elementos de la fila."""
    pairs, last = [], Pair(-math.inf, 0.0)
    for value in row:
        last = merge(last, Pair(float(value), 1.0 if value > -math.inf else 0.0))
        pairs.append(last)
    return pairs


def merge_levels(row: Sequence[float]) -> list[list[Pair]]:
    """Los pares de una reducción por parejas: las hojas, y después cada nivel hasta la raíz."""
    levels = [[Pair(float(v), 1.0 if v > -math.inf else 0.0) for v in row]]
    while len(levels[-1]) > 1:
        last = levels[-1]
        joined = [merge(*last[i : i + 2]) for i in range(0, len(last) - 1, 2)]
        levels.append(joined + last[len(joined) * 2 :])
    return levels


def walk(row: Sequence[float]) -> tuple[list[Figure], list[str]]:
    """El softmax en línea, un elemento por paso: las figuras y la frase de cada una."""
    pairs = running_pairs(row)
    before = [Pair(-math.inf, 0.0), *pairs[:-1]]
    figures = [_step(row, pairs, k) for k in range(len(row))]
    return figures, [_sentence(*pair) for pair in zip(row, before, pairs, strict=True)]


def _step(row: Sequence[float], pairs: list[Pair], k: int) -> Figure:
    fig, (top, low) = style.figure(3.9, nrows=2, height_ratios=(1.5, 1))
    _values(top, row, pairs[k].m, k)
    terms = [math.exp(v - pairs[k].m) if v > -math.inf else 0.0 for v in row[: k + 1]]
    _terms(low, terms, pairs[k].d, max(p.d for p in pairs))
    return fig


def _values(ax: Axes, row: Sequence[float], high: float, k: int) -> None:
    finite = [v for v in row if v > -math.inf]
    floor = min(*finite, 0.0) - 0.5
    for j, value in enumerate(row):
        color = SEEN if j < k else NOW if j == k else AHEAD
        edge = style.LINE if j > k else color
        if value > -math.inf:
            ax.bar(j, value - floor, bottom=floor, color=color, edgecolor=edge, width=0.8)
        else:
            ax.text(j, floor + 0.1, "−∞", ha="center", color=style.INK, fontsize=style.FONT - 1)
    if high > -math.inf:
        ax.plot([-0.6, len(row) - 0.4], [high, high], color=style.RED, linewidth=1.8)
        ax.text(len(row) - 0.25, high, f"m = {_short(high)}", color=style.RED, va="center")
    ax.set_xlim(-0.6, len(row) + 1.4)
    ax.set_ylim(floor, max(finite) + 0.6)
    ax.set_xticks(range(len(row)))
    ax.set_yticks([])
    style.title(ax, "la fila: visto, ahora, por ver")
    ax.spines[["top", "right", "left"]].set_visible(False)


def _terms(ax: Axes, terms: list[float], total: float, widest: float) -> None:
    """La suma, con un tramo por término, medida desde el máximo de ahora."""
    left = 0.0
    for j, term in enumerate(terms):
        color = NOW if j == len(terms) - 1 else SEEN
        ax.barh(0, term, left=left, color=color, edgecolor=style.PAPER, height=0.7)
        left += term
    ax.text(left + widest * 0.02, 0, f"d = {_short(total)}", va="center", color=style.INK)
    ax.set_xlim(0, widest * 1.3)
    ax.set_xticks(range(int(widest * 1.3) + 1))
    ax.set_yticks([])
    ax.set_xlabel("la suma d: un tramo por elemento, exp(v − m)", loc="left")
    ax.spines[["top", "right", "left"]].set_visible(False)


def _sentence(value: float, before: Pair, after: Pair) -> str:
    if value == -math.inf:
        return "Llega una entrada enmascarada: nada cambia."
    if before.m == -math.inf:
        return f"Llega {_short(value)}, el primero: m = {_short(after.m)} y d = 1."
    if value > before.m:
        factor = math.exp(before.m - value)
        return (
            f"Llega {_short(value)}, un nuevo máximo: lo acumulado se multiplica por "
            f"exp({_short(before.m)} − {_short(value)}) = {factor:.3f}".replace(".", ",")
            + f" y se suma 1: d = {_short(after.d)}."
        )
    return (
        f"Llega {_short(value)}, que no pasa de m: se suma "
        f"{_short(math.exp(value - before.m))} y d = {_short(after.d)}."
    )


def _short(value: float) -> str:
    if value == -math.inf:
        return "−∞"
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",").replace("-", "−")


def merge_tree(row: Sequence[float]) -> Figure:
    """Los pares ``(m; d)`` de una fila, juntados de dos en dos: las hojas arriba."""
    levels = merge_levels(row)
    fig, ax = style.figure(0.5 + 0.75 * len(levels))
    width = len(row)
    for depth, pairs in enumerate(levels):
        span = width / len(pairs)
        for k, pair in enumerate(pairs):
            center, y = (k + 0.5) * span, depth * 1.7
            _node(ax, center, y, pair, min(span * 0.94, 2.4))
            if depth:
                for child in (2 * k, 2 * k + 1):
                    start = (child + 0.5) * width / len(levels[depth - 1])
                    ax.plot([start, center], [y - 0.82, y], color=style.LINE, lw=1.2, zorder=0)
    style.canvas(ax, width, len(levels) * 1.7 - 0.8)
    return fig


def _node(ax: Axes, center: float, y: float, pair: Pair, width: float) -> None:
    fill = style.tint(1) if pair.d == 0 else style.tint(0)
    style.cell(ax, (center - width / 2, y), fill, size=(width, 0.88))
    text = f"{_short(pair.m)}\n{_short(pair.d)}"
    ax.text(center, y + 0.45, text, ha="center", va="center", fontsize=style.FONT - 0.5)


def exp_range() -> Figure:
    """Dónde cabe ``exp(x)`` en un float32: ni infinito ni cero."""
    x = np.linspace(-125, 125, 501, dtype=np.float64)
    # Bajo la mitad del menor subnormal se redondea a cero; sobre el mayor, a infinito.
    tiny, huge = math.log(2.0**-150), math.log(float(np.finfo(np.float32).max))
    fig, ax = style.figure(2.9)
    inside = (x > tiny) & (x < huge)
    ax.plot(x[inside], x[inside] / np.log(10), color=style.BLUE, linewidth=2.4)
    ax.axvspan(huge, 125, color=style.tint(4), zorder=0)
    ax.axvspan(-150, tiny, color=style.tint(1), zorder=0)
    ax.text((huge + 125) / 2, 0, "exp da\ninfinito", ha="center", va="center")
    ax.text((tiny - 150) / 2, 0, "exp da\ncero", ha="center", va="center")
    ax.set_xlim(-150, 125)
    ax.set_yticks([-45, 0, 38], ["$10^{-45}$", "1", "$10^{38}$"])
    ends = (tiny, 0.0, huge)
    ax.set_xticks(ends, [_short(round(end, 1)) for end in ends])
    ax.set_xlabel("x")
    style.title(ax, "exp(x) en float32")
    ax.spines[["top", "right"]].set_visible(False)
    return fig


def traffic(loads: Mapping[str, float], stores: Mapping[str, float], least: float) -> Figure:
    """Lo que lee y escribe cada versión, en veces el tamaño de los datos, y el mínimo posible.

    Args:
        loads, stores: por versión, sectores entre los que ocupa la matriz.
        least: la suma mínima de las dos.
    """
    fig, ax = style.figure(0.9 + 0.42 * len(loads))
    names = list(loads)
    most = max(loads[n] + stores[n] for n in names)
    for row, name in enumerate(names):
        ax.barh(row, loads[name], color=style.BLUE, height=0.68)
        ax.barh(row, stores[name], left=loads[name], color=style.ORANGE, height=0.68)
        total = loads[name] + stores[name]
        text = f"{_short(loads[name])} + {_short(stores[name])}"
        ax.text(total + most * 0.015, row, text, va="center", fontsize=style.FONT - 1)
    ax.axvline(least, color=style.INK, linewidth=1.2, linestyle=(0, (4, 3)))
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_xlim(0, most * 1.28)
    ax.set_xlabel("veces el tamaño de la matriz; a trazos, el mínimo")
    ax.spines[["top", "right"]].set_visible(False)
    handles = [
        Patch(facecolor=style.BLUE, label="lee"),
        Patch(facecolor=style.ORANGE, label="escribe"),
    ]
    fig.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)
    return fig


def errors(x: Sequence[float], lines: Mapping[str, Sequence[float]], label: str) -> Figure:
    """Error relativo de varios métodos, en escala logarítmica; cada línea con su marca."""
    fig, ax = style.figure(3.1)
    for k, (name, values) in enumerate(lines.items()):
        shown = np.maximum(np.asarray(values, np.float64), 1e-9)
        ax.plot(x, shown, color=style.STRONG[k], marker=MARKS[k], linewidth=1.8, label=name)
    ax.axhline(1, color=style.LINE, linewidth=1, linestyle=(0, (4, 3)))
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel(label)
    ax.set_ylabel("error relativo")
    ax.spines[["top", "right"]].set_visible(False)
    fig.legend(loc="outside lower center", ncols=3, frameon=False)
    return fig


def gelu_forms(x: np.ndarray, exact: np.ndarray, approximate: np.ndarray) -> Figure:
    """GELU en sus dos formas, y debajo su diferencia ampliada."""
    fig, (top, low) = style.figure(4.2, nrows=2, sharex=True, height_ratios=(1.5, 1))
    top.plot(x, exact, color=style.BLUE, linewidth=3.2, label="exacta")
    top.plot(x, approximate, color=style.ORANGE, linewidth=1.6, ls=(0, (4, 3)), label="con tanh")
    top.legend(frameon=False, loc="upper left")
    style.title(top, "GELU")
    gap = (approximate - exact) * 1e4
    low.axhline(0, color=style.LINE, linewidth=1)
    low.plot(x, gap, color=style.RED, linewidth=2)
    low.set_xlabel("v")
    low.set_ylabel("× 10⁻⁴")
    style.title(low, "con tanh menos exacta")
    for ax in (top, low):
        ax.spines[["top", "right"]].set_visible(False)
    return fig
