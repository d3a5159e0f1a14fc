"""El dibujo del informe: qué direcciones toca un warp, sacado de la traza del caso.

Dos dibujos: los carriles contra los sectores de 32 B de la memoria global, y las palabras
distintas que caen en cada banco de la memoria compartida.
"""

from __future__ import annotations

from html import escape
from typing import Any, NamedTuple

import numpy as np

from urdimbre.exercises.spec import Limit

LANE, GAP, HEIGHT = 14, 4, 120
WIDTH = 32 * (LANE + GAP) + GAP
ACTIONS = {"load": "lee", "store": "escribe", "atomic": "actualiza"}


class Warp(NamedTuple):
    """Las direcciones activas de un warp en un acceso."""

    access: Any
    block: int
    warp: int
    lanes: np.ndarray
    address: np.ndarray


def of_limit(trace: Any, broken: list[tuple[Limit, float]]) -> str:
    """SVG del acceso que explica el primer límite roto; si no hay, el peor acceso global."""
    counter = broken[0][0].counter if broken else "global"
    space = "shared" if counter.startswith(("shared", "bank")) else "global"
    kinds = [kind for kind in ACTIONS if kind in counter] or list(ACTIONS)
    chosen = [a for a in trace.accesses if a.space == space and a.kind in kinds]
    warps = [warp for warp in map(_first_warp, chosen) if warp is not None]
    if not warps:
        return ""
    draw, cost = (_banks, _depth) if space == "shared" else (_sectors, _touched)
    return draw(max(warps, key=cost))


def _first_warp(access: Any) -> Warp | None:
    active = access.mask.any(axis=2)
    if not active.any():
        return None
    block, warp = (int(k) for k in np.argwhere(active)[0])
    lanes = np.flatnonzero(access.mask[block, warp])
    return Warp(access, block, warp, lanes, access.address[block, warp, lanes])


def _touched(warp: Warp) -> int:
    return len(np.unique(warp.address // 32))


def _words(warp: Warp) -> tuple[np.ndarray, np.ndarray]:
    """Las palabras de 4 B distintas y el banco de cada una."""
    words = np.unique(warp.address // 4)
    return words, words % 32


def _depth(warp: Warp) -> int:
    return int(np.bincount(_words(warp)[1], minlength=32).max())


def _sectors(warp: Warp) -> str:
    sectors = np.unique(warp.address // 32)
    x_of = dict(zip(sectors.tolist(), _spread(len(sectors)), strict=True))
    lines = [
        _line(_lane_x(lane), x_of[int(at) // 32])
        for lane, at in zip(warp.lanes.tolist(), warp.address.tolist(), strict=True)
    ]
    boxes = [_box(_lane_x(int(lane)), 22, "#4c78a8", 0.9) for lane in warp.lanes]
    boxes += [_box(x, HEIGHT - 30, "#e08214", 0.9) for x in x_of.values()]
    count = len(sectors)
    text = f"{_who(warp)} y toca {count} {'sector' if count == 1 else 'sectores'} de 32 B"
    labels = [_text(GAP, 16, "carriles activos"), _text(GAP, HEIGHT - 2, "sectores")]
    return _svg(text, [*lines, *boxes, *labels], HEIGHT + 4)


def _banks(warp: Warp) -> str:
    _, banks = _words(warp)
    counts = np.bincount(banks, minlength=32)
    step = min(10.0, 80.0 / max(1, int(counts.max())))
    bars = [
        _rect(_lane_x(bank), 102 - step * (level + 1), LANE, max(step - 1, 1), "#4c78a8")
        for bank in range(32)
        for level in range(int(counts[bank]))
    ]
    ways = int(counts.max())
    conflict = "sin conflicto" if ways <= 1 else f"conflicto de {ways} vías"
    labels = [_text(GAP, 118, "banco 0"), _text(WIDTH - 60, 118, "banco 31")]
    return _svg(f"{_who(warp)}: {conflict} de bancos", [*bars, *labels], HEIGHT + 4)


def _who(warp: Warp) -> str:
    access = warp.access
    block = access.first_block + warp.block
    return (
        f"Línea {access.line}: el warp {warp.warp} del bloque {block} "
        f"{ACTIONS[access.kind]} «{access.name}»"
    )


def _spread(count: int) -> list[float]:
    """Posiciones de ``count`` cajas, centradas y sin pasarse del ancho."""
    step = min(4 * (LANE + GAP), (WIDTH - 2 * GAP) / max(count, 1))
    start = (WIDTH - step * count) / 2
    return [start + step * k + (step - LANE) / 2 for k in range(count)]


def _lane_x(lane: int) -> float:
    return GAP + lane * (LANE + GAP)


def _box(x: float, y: float, fill: str, opacity: float) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{LANE}" height="{LANE}" rx="2" '
        f'fill="{fill}" fill-opacity="{opacity}"/>'
    )


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width}" height="{height:.1f}" fill="{fill}"/>'


def _line(x1: float, x2: float) -> str:
    half = LANE / 2
    return (
        f'<line x1="{x1 + half:.1f}" y1="{22 + LANE}" x2="{x2 + half:.1f}" y2="{HEIGHT - 30}" '
        'stroke="currentColor" stroke-opacity="0.35"/>'
    )


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="11" fill="currentColor">{escape(text)}</text>'


def _svg(title: str, parts: list[str], height: int) -> str:
    """SVG completo y válido por sí solo, con su título dibujado y también accesible."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" '
        f'viewBox="0 -20 {WIDTH} {height + 20}" width="{WIDTH}" height="{height + 20}" '
        f'style="max-width:100%" font-family="sans-serif"><title>{escape(title)}</title>'
        f"{_text(GAP, -6, title)}{''.join(parts)}</svg>"
    )
