"""Multiplicar matrices: los peldaños bajo el techo de una tarjeta, y el error contra su cota."""

from __future__ import annotations

from collections.abc import Sequence

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
