"""El aspecto común de las figuras: medidas, colores y casillas.

La paleta es la de Okabe e Ito, que distinguen las personas con daltonismo; los tonos claros
alternan de luminancia para que también se distingan en escala de grises. El ancho y la letra se
eligieron para que una figura reducida a 390 píxeles se siga leyendo.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

WIDTH = 5.0  # pulgadas
DPI = 192  # dos píxeles de imagen por píxel de pantalla
FONT = 10.0

INK = "#1b1b1b"
MUTED = "#5f5f5f"
LINE = "#8c8c8c"
EMPTY = "#f3f3f0"
OFF = "#dededa"
PAPER = "#ffffff"

BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
RED, PURPLE, SKY = "#D55E00", "#CC79A7", "#56B4E9"

STRONG = (BLUE, ORANGE, GREEN, PURPLE, SKY, RED)
TINTS = ("#8fc1e3", "#fbe3b5", "#7fcbb2", "#f3d9e6", "#e8a37a", "#d6ecf9")

USED, FETCHED = BLUE, "#cfe3f1"
IDLE_HATCH = "////"

_SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": FONT,
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "hatch.linewidth": 0.6,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
}


class Picture(Figure):
    """Una figura que el *notebook* muestra como PNG, sin pasar por ``pyplot``.

    ``pyplot`` guarda cada figura en un estado global y la muestra al final de la celda: si además
    la celda la devuelve, aparece dos veces.
    """

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        image = BytesIO()
        self.savefig(image, format="png", bbox_inches="tight", pad_inches=0.06)
        data = image.getvalue()
        # El ancho va en los bytes 16 a 19 de un PNG y el alto en los cuatro siguientes.
        size = {"width": 16, "height": 20}
        return data, {k: int.from_bytes(data[i : i + 4], "big") // 2 for k, i in size.items()}


def figure(height: float, width: float = WIDTH, **subplots: Any) -> tuple[Picture, Any]:
    """Figura y ejes con el aspecto del curso; ``height`` y ``width`` en pulgadas.

    Los demás argumentos son los de ``matplotlib.figure.Figure.subplots``.
    """
    with matplotlib.rc_context(_SETTINGS):
        picture = Picture(figsize=(width, height), dpi=DPI, layout="constrained")
        FigureCanvasAgg(picture)
        return picture, picture.subplots(**subplots)


def bare(ax: Axes) -> None:
    """Quita marco y marcas: queda lo dibujado."""
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)


def title(ax: Axes, text: str) -> None:
    """El título de unos ejes, alineado a la izquierda."""
    ax.set_title(text, loc="left", fontsize=FONT, fontweight="bold", color=INK)


def tint(i: int) -> str:
    """Color claro número ``i``, para rellenar casillas con texto oscuro; se repite."""
    return TINTS[i % len(TINTS)]


def cell(
    ax: Axes,
    corner: tuple[float, float],
    fill: str = PAPER,
    text: str = "",
    *,
    size: tuple[float, float] = (1.0, 1.0),
    hatch: str | None = None,
    ink: str = INK,
    font: float = FONT - 1,
) -> Rectangle:
    """Una casilla con su texto en el centro; ``corner`` es la esquina de menor x e y."""
    (x, y), (w, h) = corner, size
    # Con trama, el color del borde es también el de las rayas.
    edge = LINE if hatch else PAPER
    box = Rectangle((x, y), w, h, facecolor=fill, edgecolor=edge, hatch=hatch, linewidth=0.8)
    ax.add_patch(box)
    if text:
        ax.text(x + w / 2, y + h / 2, text, ha="center", va="center", color=ink, fontsize=font)
    return box


def frame(
    ax: Axes, corner: tuple[float, float], size: tuple[float, float], color: str = INK
) -> None:
    """Un borde alrededor de un grupo de casillas."""
    box = Rectangle(corner, *size, fill=False, edgecolor=color, linewidth=1.4)
    ax.add_patch(box)


def canvas(ax: Axes, width: float, height: float) -> None:
    """Prepara los ejes para casillas: de 0 a ``width`` y de 0 a ``height``, hacia abajo."""
    bare(ax)
    ax.set_xlim(-0.05, width + 0.05)
    ax.set_ylim(height + 0.05, -0.05)
