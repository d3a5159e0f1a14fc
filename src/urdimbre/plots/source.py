"""El código de un kernel con lo que cuesta cada línea, y con quién la ejecuta."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from urdimbre.errors import ArgumentError
from urdimbre.observe.profile_rows import LANES, heat, number, source_rows, transactions
from urdimbre.plots import style

CODE = 8.0  # puntos de la letra del código
LETTER = 0.602  # ancho de una letra de DejaVu Sans Mono, en cuadratines
LONGEST = 56  # letras de una línea con su número; lo demás se corta
BESIDE_LANES = 44  # las que caben junto a los carriles
ROW = 0.2  # pulgadas
HEAT = LinearSegmentedColormap.from_list("calor", [style.PAPER, style.ORANGE, style.RED])
BUSY = LinearSegmentedColormap.from_list("carriles", ["#fbe3b5", style.SKY, "#003f66"])


@dataclass(frozen=True)
class CodeLine:
    """Una línea que se dibuja: su nombre («7», «clamp:3»), su texto y su lugar en el código."""

    name: str
    text: str
    place: int


def heat_column(profile: Any) -> Figure:
    """El código, con una barra por línea: su parte de las transacciones del lanzamiento.

    Las transacciones son sectores de memoria global, frentes de onda de la compartida y pasadas
    atómicas; si el kernel no mueve datos, son instrucciones. No son tiempo.
    """
    rows = source_rows(profile.launch, profile.counters)
    total = profile.total
    shares = [heat(tally, total) for _, tally, _ in rows]
    fig, ax = style.figure(0.75 + ROW * len(rows))
    for y, share in enumerate(shares):
        _bar(ax, y, share)
    ax.set_xlim(0, 1.45)
    _code_axis(ax, [f"{name:>4}  {text}" for name, _, text in rows], LONGEST)
    of = "transacciones de memoria" if transactions(total) else "instrucciones"
    _title(fig, f"«{profile.launch.kernel}»: parte de las {of} de cada línea")
    return fig


def _bar(ax: Axes, y: int, share: float) -> None:
    ax.barh(y, 1.0, height=0.86, color=style.EMPTY)
    if share:
        ax.barh(y, share, height=0.86, color=HEAT(0.15 + 0.85 * share))
        ax.text(1.06, y, f"{100 * share:.0f} %", va="center", fontsize=CODE, color=style.INK)


def divergence(profile: Any, by: str = "lanes") -> Figure:
    """Qué carriles ejecutan cada línea: una fila por línea y una columna por carril (o por warp).

    El color dice la parte de las veces en que el carril estaba activo; por warp, la parte de sus
    32 carriles. A la derecha, los carriles activos por instrucción. En blanco, lo que nadie
    ejecutó.

    Args:
        by: ``"lanes"`` o ``"warps"``.

    Raises:
        ArgumentError: si ``by`` es otro, o el perfil no guardó quién ejecuta cada línea.
    """
    if by not in COLUMNS:
        raise ArgumentError(f"Se puede ver por {' o por '.join(COLUMNS)}, no por {by!r}.")
    lines = code_lines(profile)
    found = [profile.activity.by_place.get(line.place) for line in lines]
    if not any(found):
        raise ArgumentError("El perfil no guardó quién ejecuta cada línea: usa profile().")
    measure, label = COLUMNS[by]
    width = max(len(measure(f)) for f in found if f)
    table = np.array([measure(f) if f else np.full(width, np.nan) for f in found])
    fig, ax = style.figure(1.25 + ROW * len(lines))
    image = ax.imshow(
        np.ma.masked_invalid(table), cmap=BUSY, vmin=0, vmax=1, aspect="auto",
        interpolation="nearest", extent=(0, width, len(lines) - 0.5, -0.5),
    )  # fmt: skip
    for y, activity in enumerate(found):
        ax.axhline(y + 0.5, color=style.PAPER, lw=1.2)
        if activity:
            mean = activity.lanes.sum() / max(1, int(activity.warps.sum()))
            ax.text(width * 1.02, y, number(float(mean)), va="center", fontsize=CODE)
    _code_axis(ax, [f"{line.name:>4}  {line.text}" for line in lines], BESIDE_LANES)
    _lane_axis(ax, width, label)
    bar = fig.colorbar(image, ax=ax, location="bottom", shrink=0.86, aspect=26, pad=0.02)
    bar.set_ticks([0, 0.5, 1], labels=SCALE[by])
    bar.ax.tick_params(labelsize=CODE + 1, length=2)
    bar.outline.set_visible(False)
    _title(fig, f"«{profile.launch.kernel}»: quién ejecuta cada línea")
    return fig


def code_lines(profile: Any) -> list[CodeLine]:
    """Las líneas del kernel desde su «def», y las de otras funciones que alguien ejecutó."""
    launch, places = profile.launch, profile.activity.by_place
    inside = range(launch.first_line, launch.first_line + len(launch.source))
    here = {n: n for n in places if getattr(n, "origin", launch.origin) == launch.origin}
    own = [
        CodeLine(str(n), text.rstrip(), here.get(n, n))
        for n, text in zip(inside, launch.source, strict=True)
        if not text.startswith("@")
    ]
    others = [n for n in sorted(places) if n not in here or int(n) not in inside]
    return own + [CodeLine(f"{n.function}:{int(n)}", n.text, n) for n in others]


SCALE = {"lanes": ["nunca", "activo", "siempre"], "warps": ["0", "16 carriles", "32"]}
COLUMNS = {
    "lanes": (lambda activity: activity.by_lane, "carril"),
    "warps": (lambda activity: activity.by_warp / LANES, "warp del bloque"),
}


def _lane_axis(ax: Axes, width: int, label: str) -> None:
    step = max(1, width // 4)
    marks = sorted({*range(0, width, step), width - 1})
    ax.set_xticks([m + 0.5 for m in marks], [str(m) for m in marks])
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.tick_params(axis="x", length=0, pad=1, labelsize=CODE + 1)
    ax.set_xlabel(label, labelpad=4, fontsize=CODE + 1)
    ax.set_xlim(0, width * 1.16)


def _title(fig: Figure, text: str) -> None:
    fig.suptitle(text, x=0.0, ha="left", fontsize=style.FONT, fontweight="bold", color=style.INK)


def _code_axis(ax: Axes, texts: list[str], longest: int) -> None:
    """El código a la izquierda, con letra fija y su sangría."""
    shown = [t if len(t) <= longest else t[: longest - 1] + "…" for t in texts]
    style.bare(ax)
    ax.set_ylim(len(texts) - 0.5, -0.5)
    ax.set_yticks(range(len(texts)), shown)
    pad = max(map(len, shown)) * LETTER * CODE + 4
    ax.tick_params(axis="y", length=0, pad=pad, labelsize=CODE, labelcolor=style.INK)
    for label in ax.get_yticklabels():
        label.set(horizontalalignment="left", family="monospace")
