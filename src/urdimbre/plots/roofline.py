"""El techo de una tarjeta y los kernels debajo: intensidad contra lo más que se puede esperar."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from urdimbre.observe.roofline import TERA, Roofline
from urdimbre.plots import style

MARKS = "osD^vP"


def roofline(points: Sequence[Roofline]) -> Figure:
    """El techo de la tarjeta del primero, con un punto por kernel.

    Los puntos están en el techo: dicen lo más que se puede esperar, no una medida.

    Args:
        points: uno o más lanzamientos, todos en la misma tarjeta y en el mismo tipo.

    Raises:
        ValueError: si no hay ninguno, o si mezclan tarjetas o tipos.
    """
    if len({(p.card.name, p.double) for p in points}) != 1:
        raise ValueError("Los kernels deben ser de la misma tarjeta y del mismo tipo.")
    first = points[0]
    fig, ax = style.figure(3.4)
    low, high = _span(points)
    x = np.geomspace(low, high, 200)
    ax.plot(x, np.minimum(first.peak, x * first.card.bandwidth) / TERA, color=style.INK, lw=2)
    ax.axvline(first.ridge, color=style.LINE, linestyle="--", lw=1)
    for point, color, mark in zip(points, style.STRONG, MARKS, strict=False):
        place = (point.intensity, point.ceiling / TERA)
        ax.plot(*place, mark, color=color, markersize=9, label=point.kernel)
    ax.set(xscale="log", yscale="log", xlim=(low, high))
    ax.set_xlabel("FLOP por byte obligado")
    ax.set_ylabel("TFLOP/s, como mucho")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(_plain))
    ax.grid(True, color=style.EMPTY)
    ax.text(first.ridge, ax.get_ylim()[0], " limita el cálculo", va="bottom", color=style.MUTED)
    ax.text(
        first.ridge, ax.get_ylim()[0], "limita la memoria ", va="bottom", ha="right",
        color=style.MUTED,
    )  # fmt: skip
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 0.08), framealpha=1.0, edgecolor="none")
    kind = "float64" if first.double else "float32"
    style.title(ax, f"Techo de una {first.card.name} en {kind}")
    return fig


def _span(points: Sequence[Roofline]) -> tuple[float, float]:
    """Intensidades que se dibujan: todos los puntos y el cambio de límite, con margen."""
    some = [p.intensity for p in points if p.intensity] + [points[0].ridge]
    return min(some) / 8, max(some) * 8


def _plain(value: float, _: int) -> str:
    return f"{value:g}".replace(".", ",")
