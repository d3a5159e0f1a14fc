"""Multiplicar matrices: los peldaños bajo los techos de una tarjeta, y el error y su cota."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from urdimbre.errors import ArgumentError
from urdimbre.observe.roofline import TERA, Roofline
from urdimbre.plots import style
from urdimbre.plots.roofline import MARKS


def requested_roof(points: Sequence[Roofline]) -> Figure:
    """El techo de la tarjeta y dónde queda cada kernel por los bytes que *pide*.

    La línea de puntos es la intensidad con el tráfico obligado, la misma para todos si
    multiplican las mismas matrices. Las marcas dicen lo más que se podría esperar sin cachés.

    Errors:
        ArgumentError: no hay ninguno, o mezclan tarjetas, tipos o tráfico obligado.
    """
    if len({(p.card.name, p.double, p.intensity) for p in points}) != 1:
        raise ArgumentError("Da kernels de la misma tarjeta, el mismo tipo y las mismas matrices.")
    first = points[0]
    fig, ax = style.figure(3.9)
    low = min(p.requested_intensity for p in points) / 3
    high = 4 * max(first.ridge, first.intensity)
    x = np.geomspace(low, high, 200)
    ax.plot(x, np.minimum(first.peak, x * first.card.bandwidth) / TERA, color=style.INK, lw=2)
    for point, color, mark in zip(points, style.STRONG, MARKS, strict=False):
        asked = point.requested_intensity
        reach = min(point.peak, asked * point.card.bandwidth) / TERA
        ax.plot(asked, reach, mark, color=color, markersize=9, label=point.kernel)
    ax.axvline(first.intensity, color=style.LINE, linestyle=":", lw=2)
    ax.axvline(first.ridge, color=style.LINE, linestyle="--", lw=1)
    ax.set(xscale="log", yscale="log", xlim=(low, high))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(_plain))
    ax.set_xlabel("FLOP por byte pedido")
    ax.set_ylabel("TFLOP/s, como mucho")
    ax.grid(True, color=style.EMPTY)
    fig.legend(loc="outside lower center", ncols=2, frameon=False)
    kind = "float64" if first.double else "float32"
    style.title(ax, f"Techo de una {first.card.name} en {kind}")
    return fig


def ceilings(rows: Mapping[str, Mapping[str, float]]) -> Figure:
    """Qué parte del pico permite cada recurso a cada kernel: barras agrupadas; manda la menor.

    Args:
        rows: por kernel, la fracción del pico que deja cada recurso, con su nombre.
    """
    kinds = list(dict.fromkeys(kind for shares in rows.values() for kind in shares))
    fig, ax = style.figure(0.9 + 0.62 * len(rows))
    height = 0.8 / len(kinds)
    for k, (kind, color) in enumerate(zip(kinds, style.STRONG, strict=False)):
        places = [i for i, shares in enumerate(rows.values()) if kind in shares]
        values = [100 * shares[kind] for shares in rows.values() if kind in shares]
        where = [i + (k - (len(kinds) - 1) / 2) * height for i in places]
        bars = ax.barh(where, values, height * 0.9, color=color, label=kind)
        ax.bar_label(bars, [f"{v:.1f}".replace(".", ",") for v in values], padding=3)
    ax.set_yticks(range(len(rows)), list(rows))
    ax.invert_yaxis()
    ax.set_xlim(0, 1.2 * 100 * max(v for shares in rows.values() for v in shares.values()))
    ax.set_xlabel("% del pico de cálculo, como mucho")
    ax.spines[["top", "right"]].set_visible(False)
    fig.legend(loc="outside lower center", ncols=2, frameon=False)
    return fig


def errors(inner: Sequence[int], worst: Sequence[float], bound: Sequence[float]) -> Figure:
    """El peor error de un producto según ``K``, y la cota que no puede pasar; ejes logarítmicos.

    Args:
        inner: los valores de ``K``.
        worst: el peor error con cada uno.
        bound: la cota con cada uno.
    """
    fig, ax = style.figure(3.0)
    ax.plot(inner, bound, "-", color=style.INK, lw=2, label="cota")
    ax.plot(inner, worst, "o", color=style.BLUE, markersize=7, label="peor error")
    ax.set(xscale="log", yscale="log")
    ax.xaxis.set_major_formatter(FuncFormatter(_plain))
    ax.set_xticks(inner)
    ax.minorticks_off()
    ax.set_xlabel("K, cuántos productos se suman")
    ax.set_ylabel("error, entre Σ|a||b|")
    ax.grid(True, color=style.EMPTY)
    ax.legend(frameon=False)
    return fig


def _plain(value: float, _: int) -> str:
    return f"{value:g}".replace(".", ",")
