"""Memoria compartida: el mapa de bancos de un acceso y las fases entre barreras."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from urdimbre.errors import ArgumentError
from urdimbre.observe.findings import Finding
from urdimbre.observe.trace import Trace, TracedAccess
from urdimbre.observe.transactions import BANKS
from urdimbre.plots import footprint, style

WORD_BYTES = 4
UNTOUCHED, IDLE, ASKED = range(3)


def bank_map(
    trace: Trace, array: str, kind: str = "load", *, block: int = 0, warp: int = 0
) -> Figure:
    """Qué palabras y qué bancos pide un warp en su primer acceso a ``array``.

    Arriba, la memoria compartida en filas de 32 palabras: una columna es un banco. Rayadas, las
    palabras del arreglo que nadie toca en toda la traza. Abajo, palabras distintas por banco.

    Errors:
        ArgumentError: el warp no hace ningún acceso así en la traza.
    """
    access = footprint.chosen(trace, array, kind, block, warp)
    words = asked_words(access, block, warp)
    states = word_states(trace, access, words)
    first = min(states) // BANKS
    rows = max(states) // BANKS - first + 1
    fig, (above, below) = style.figure(
        2.1 + 0.105 * rows, nrows=2, sharex=True, height_ratios=(max(rows, 3), 7)
    )
    _word_grid(above, states, first, rows)
    _bank_bars(below, words_per_bank(words))
    spent = footprint.cost_text(access, block, warp)
    above.set_title(f"El warp {warp} {footprint.VERBS[kind]} «{array}»: {spent}", loc="left")
    return fig


def asked_words(access: TracedAccess, block: int, warp: int) -> np.ndarray:
    """Palabras de 4 B distintas que pide un warp, contadas desde el comienzo de la memoria."""
    found = footprint.warp_elements(access, block, warp) * access.dtype.itemsize + access.base
    inside = np.arange(0, max(access.size, WORD_BYTES), WORD_BYTES, dtype=np.int64)
    return np.unique((found[:, None] + inside) // WORD_BYTES)


def last_word(access: TracedAccess) -> int:
    """La última palabra que ocupa el arreglo."""
    size = int(np.prod(access.shape, dtype=np.int64)) * access.dtype.itemsize
    return (access.base + size - 1) // WORD_BYTES


def words_per_bank(words: np.ndarray) -> np.ndarray:
    """Cuántas palabras distintas se piden a cada banco: int64 ``(32,)``; la mayor manda."""
    return np.bincount(words % BANKS, minlength=BANKS)


def word_states(trace: Trace, access: TracedAccess, words: np.ndarray) -> dict[int, int]:
    """Estado de cada palabra del arreglo: pedida, tocada por otros, o nunca tocada."""
    first, last = access.base // WORD_BYTES, last_word(access)
    states = dict.fromkeys(range(first, last + 1), UNTOUCHED)
    for other in trace.accesses:
        if other.space == "shared":
            touched = np.unique(other.address[other.mask] // WORD_BYTES)
            states |= {w: IDLE for w in touched.tolist() if w in states}
    return states | dict.fromkeys(words.tolist(), ASKED)


_FILL = {UNTOUCHED: style.PAPER, IDLE: style.FETCHED, ASKED: style.USED}


def _word_grid(ax: Axes, states: dict[int, int], first: int, rows: int) -> None:
    for word, state in states.items():
        row, bank = divmod(word, BANKS)
        hatch = style.IDLE_HATCH if state == UNTOUCHED else None
        style.cell(ax, (bank, row - first), _FILL[state], hatch=hatch)
    style.canvas(ax, BANKS, rows)
    shown = range(0, rows, 1 if rows < 6 else 8)
    ax.set_yticks([r + 0.5 for r in shown], [str(r) for r in shown])
    ax.tick_params(length=0)
    ax.set_ylabel("fila")


def _bank_bars(ax: Axes, counts: np.ndarray) -> None:
    ax.bar(np.arange(BANKS) + 0.5, counts, width=0.86, color=style.BLUE)
    ax.set_ylim(0, max(4, counts.max() * 1.15))
    ax.set_yticks([0, int(counts.max())])
    ax.set_xticks([b + 0.5 for b in (0, 8, 16, 24, 31)], ["0", "8", "16", "24", "31"])
    ax.set_xlabel("banco")
    ax.set_ylabel("palabras")
    ax.spines[["top", "right"]].set_visible(False)


def phases(trace: Trace, findings: Sequence[Finding], array: str, *, block: int = 0) -> Figure:
    """Los accesos de un bloque a ``array``, en orden, con sus barreras y sus carreras.

    Cada fila es una instrucción y cada color un warp: lleno si escribe, hueco si lee. Una línea
    gruesa es una barrera. A la derecha, cada carrera de ``findings`` une sus dos instrucciones.

    Errors:
        ArgumentError: el bloque no toca el arreglo en la traza.
    """
    records = [a for a in trace.accesses if a.name == array and _joins(a, block)]
    if not records:
        raise ArgumentError(f"En la traza, el bloque {block} no toca «{array}».")
    length = int(np.prod(records[0].shape, dtype=np.int64))
    fig, ax = style.figure(1.3 + 0.36 * len(records))
    for row, access in enumerate(records):
        _instruction(ax, row, access, block)
    _barriers(ax, records, length)
    _races(ax, records, findings, array, length)
    _phase_axes(ax, records, array, length)
    _warp_legend(fig, records[0].address.shape[1])
    return fig


def _joins(access: TracedAccess, block: int) -> bool:
    return len(footprint.block_elements(access, block)) > 0


def _instruction(ax: Axes, row: int, access: TracedAccess, block: int) -> None:
    warps = access.address.shape[1]
    height = 0.8 / warps
    for warp in range(warps):
        found = np.unique(footprint.warp_elements(access, block, warp))
        color = style.STRONG[warp % len(style.STRONG)]
        face = style.PAPER if access.kind == "load" else color
        ax.broken_barh(
            runs(found),
            (row + 0.1 + warp * height, height * 0.86),
            facecolor=face,
            edgecolor=color,
            linewidth=1.1,
        )


def runs(found: np.ndarray) -> list[tuple[int, int]]:
    """Tramos ``(comienzo, largo)`` de enteros seguidos, de una lista ordenada sin repetidos."""
    if not len(found):
        return []
    pieces = np.split(found, np.flatnonzero(np.diff(found) > 1) + 1)
    return [(int(p[0]), len(p)) for p in pieces]


def _barriers(ax: Axes, records: list[TracedAccess], length: int) -> None:
    for row in range(1, len(records)):
        if records[row].phase != records[row - 1].phase:
            ax.plot([0, length], [row, row], color=style.INK, linewidth=3, solid_capstyle="butt")
            ax.text(length * 1.03, row, "barrera", va="center", color=style.INK)


_WRITES, _ANY = ("store", "atomic"), ("load", "store", "atomic")
# Riesgo -> clases del acceso que ocurre primero y del que ocurre después.
_ORDER = {"RAW": (_WRITES, ("load",)), "WAR": (("load",), _WRITES), "WAW": (_WRITES, _WRITES)}


def race_rows(records: Sequence[TracedAccess], finding: Finding) -> tuple[int, int] | None:
    """Filas que une una carrera, en el orden en que ocurren; ``None`` si no están en la traza.

    Van del primer acceso de una línea al último de la otra, de las clases del riesgo, en la primera
    fase que tiene los dos: una barrera sí separa los demás. En un ciclo, la línea de más abajo
    puede ocurrir antes. Si ninguna fase los tiene, del primero al último de las dos líneas.
    """
    before, after = _ORDER.get(finding.detail.get("hazard"), (_ANY, _ANY))
    for phase in sorted({a.phase for a in records}):
        here = [(r, a) for r, a in enumerate(records) if a.phase == phase]
        early = [r for r, a in here if a.line == finding.other_line and a.kind in before]
        late = [r for r, a in here if a.line == finding.line and a.kind in after]
        if early and late and early[0] <= late[-1]:
            return early[0], late[-1]
    lines = {finding.line, finding.other_line}
    rows = [r for r, a in enumerate(records) if a.line in lines]
    return (rows[0], rows[-1]) if rows else None


def _races(ax: Axes, records, findings: Sequence[Finding], array: str, length: int) -> None:
    races = [f for f in findings if f.kind == "race" and f.array == array]
    spans = [(span, f) for f in races if (span := race_rows(records, f))]
    for k, (span, finding) in enumerate(sorted(spans, key=lambda item: item[0])):
        x, top, low = length * (1.03 + 0.13 * k), span[0] + 0.5, span[1] + 0.5
        ax.annotate(
            "",
            (x, low),
            (x, top),
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "|-|,widthA=0.3,widthB=0.3",
                "color": style.RED,
                "linewidth": 1.6,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
        ax.text(
            x + length * 0.015,
            (top + low) / 2,
            finding.detail.get("hazard", ""),
            rotation=90,
            va="center",
            color=style.RED,
            fontweight="bold",
        )


def _phase_axes(ax: Axes, records: list[TracedAccess], array: str, length: int) -> None:
    style.canvas(ax, length, len(records))
    ax.set_xlim(0, length * 1.3)
    ax.vlines(range(32, length, 32), 0, len(records), color=style.LINE, linewidth=0.5, zorder=0)
    labels = [f"línea {a.line}: {footprint.VERBS[a.kind]}" for a in records]
    ax.set_yticks(np.arange(len(records)) + 0.5, labels)
    ax.set_xticks(range(0, length + 1, 32))
    ax.tick_params(length=0)
    ax.set_xlabel(f"casilla de «{array}»", loc="left")


def _warp_legend(fig: Figure, warps: int) -> None:
    colors = [style.STRONG[w % len(style.STRONG)] for w in range(warps)]
    handles = [Patch(facecolor=c, label=f"warp {w}") for w, c in enumerate(colors)]
    fig.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False)
