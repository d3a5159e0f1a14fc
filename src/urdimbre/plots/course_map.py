"""El mapa del curso: qué unidad se apoya en cuál, y cuánto lleva cada una."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from urdimbre.plots import style
from urdimbre.plots.style import Picture

BOX = (2.5, 0.62)
STEP = 1.0


class Stop(Protocol):
    """Una parada del mapa; ``needs`` son los números de las unidades que hacen falta antes."""

    number: int
    title: str
    needs: tuple[int, ...]
    hours: float


def course_map(units: Sequence[Stop]) -> Picture:
    """Las unidades de arriba abajo, cada una debajo de las que necesita."""
    places = positions(units)
    depth = max(y for _, y in places.values()) + 1
    figure, ax = style.figure(0.62 * depth)
    style.canvas(ax, 5.4, (depth - 1) * STEP + BOX[1])
    for unit in units:
        _box(ax, unit, places[unit.number])
        for need in unit.needs:
            _arrow(ax, places[need], places[unit.number])
    return figure


def positions(units: Sequence[Stop]) -> dict[int, tuple[float, int]]:
    """Número -> (centro horizontal, nivel); el nivel es el camino más largo desde el comienzo."""
    level: dict[int, int] = {}
    for unit in units:
        level[unit.number] = 1 + max((level[need] for need in unit.needs), default=-1)
    places: dict[int, tuple[float, int]] = {}
    for unit in units:
        row = [other for other in units if level[other.number] == level[unit.number]]
        shift = 2.7 * (row.index(unit) - (len(row) - 1) / 2)
        above = [places[need][0] for need in unit.needs]
        center = sum(above) / len(above) if above else 2.7
        places[unit.number] = (center + shift, level[unit.number])
    return places


def _box(ax, unit: Stop, place: tuple[float, int]) -> None:
    (x, y), w = place, BOX[0]
    title = unit.title.split(":")[0].split(",")[0]
    hours = f"{unit.hours:g} h".replace(".", ",")
    style.cell(ax, (x - w / 2, y * STEP), style.TINTS[5], size=BOX)
    style.frame(ax, (x - w / 2, y * STEP), BOX, style.BLUE)
    ax.text(x, y * STEP + 0.22, f"{unit.number}. {title}", ha="center", va="center", fontsize=8.5)
    ax.text(x, y * STEP + 0.45, hours, ha="center", va="center", fontsize=8, color=style.MUTED)


def _arrow(ax, start: tuple[float, int], end: tuple[float, int]) -> None:
    ax.annotate(
        "", xy=(end[0], end[1] * STEP), xytext=(start[0], start[1] * STEP + BOX[1]),
        arrowprops={"arrowstyle": "-|>", "color": style.MUTED, "lw": 1.2, "shrinkA": 1},
    )  # fmt: skip
