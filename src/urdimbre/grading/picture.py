"""El dibujo del informe: qué direcciones toca un warp, sacado de la traza del caso.

Dos dibujos: los carriles contra los sectores de 32 B de la memoria global, y las palabras
distintas que caen en cada banco de la memoria compartida.
"""

from __future__ import annotations

from html import escape
from typing import Any, NamedTuple

import numpy as np

from urdimbre.exercises.spec import Limit

SECTOR = 32
LANE, GAP, HEIGHT = 14, 4, 124
LANES_Y, SECTORS_Y, BANKS_Y = 22, 88, 102
LANE_FILL, SECTOR_FILL = "#4c78a8", "#e08214"
WIDTH = 32 * (LANE + GAP) + GAP
ACTIONS = {"load": "lee", "store": "escribe", "atomic": "actualiza"}


class Warp(NamedTuple):
    """Las direcciones activas de un warp en un acceso."""

    access: Any
    block: int
    warp: int
    lanes: np.ndarray
    address: np.ndarray


def of_limit(traces: tuple, broken: list[tuple[Limit, float]]) -> str:
    """SVG del acceso que explica el primer límite roto que se puede dibujar.

    Sin límites rotos, el peor acceso global. Hay una traza por lanzamiento.
    """
    counters = [limit.counter for limit, _ in broken] or ["global"]
    return next(filter(None, (_of_counter(traces, c) for c in counters)), "")


def _of_counter(traces: tuple, counter: str) -> str:
    if not counter.startswith(("global", "shared", "bank")):
        return ""
    space = "shared" if counter.startswith(("shared", "bank")) else "global"
    kinds = [kind for kind in ACTIONS if kind in counter] or list(ACTIONS)
    accesses = (access for trace in traces for access in trace.accesses)
    chosen = [a for a in accesses if a.space == space and a.kind in kinds]
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
    return len(np.unique(warp.address // SECTOR))


def _words(warp: Warp) -> tuple[np.ndarray, np.ndarray]:
    """Las palabras de 4 B distintas y el banco de cada una."""
    words = np.unique(warp.address // 4)
    return words, words % 32


def _depth(warp: Warp) -> int:
    return int(np.bincount(_words(warp)[1], minlength=32).max())


def _sectors(warp: Warp) -> str:
    sectors, used = _used_bytes(warp)
    width, places = _spread(len(sectors))
    x_of = dict(zip(sectors.tolist(), places, strict=True))
    lines = [
        _line(_lane_x(lane) + LANE / 2, x_of[int(at) // SECTOR] + width / 2)
        for lane, at in zip(warp.lanes.tolist(), warp.address.tolist(), strict=True)
    ]
    boxes = [_rect(_lane_x(int(lane)), LANES_Y, LANE, LANE, LANE_FILL) for lane in warp.lanes]
    for x, share in zip(places, used / SECTOR, strict=True):
        boxes.append(_rect(x, SECTORS_Y, width, LANE, "none"))
        boxes.append(_rect(x, SECTORS_Y, width * share, LANE, SECTOR_FILL))
    count, moved = len(sectors), SECTOR * len(sectors)
    noun = "sector" if count == 1 else "sectores"
    text = f"{_who(warp)}: {count} {noun}, usa {int(used.sum())} de {moved} B"
    labels = [
        _text(GAP, LANES_Y - 6, "carriles activos"),
        _text(GAP, SECTORS_Y + LANE + 14, "sectores de 32 B; lo lleno es lo que el warp usa"),
    ]
    return _svg(text, [*lines, *boxes, *labels], HEIGHT)


def _used_bytes(warp: Warp) -> tuple[np.ndarray, np.ndarray]:
    """Los sectores tocados y cuántos bytes distintos de cada uno pide el warp."""
    offsets = np.arange(warp.access.size, dtype=np.int64)
    touched = np.unique(warp.address[:, None] + offsets)
    return np.unique(touched // SECTOR, return_counts=True)


def _banks(warp: Warp) -> str:
    _, banks = _words(warp)
    counts = np.bincount(banks, minlength=32)
    step = min(10.0, 80.0 / max(1, int(counts.max())))
    bars = [_rect(_lane_x(bank), BANKS_Y, LANE, 2, "currentColor") for bank in range(32)]
    bars += [
        _rect(_lane_x(bank), BANKS_Y - step * (level + 1), LANE, max(step - 1, 1), LANE_FILL)
        for bank in range(32)
        for level in range(int(counts[bank]))
    ]
    ways = int(counts.max())
    conflict = "sin conflicto" if ways <= 1 else f"conflicto de {ways} vías"
    labels = [_text(GAP, BANKS_Y + 18, "banco 0"), _text(WIDTH - 60, BANKS_Y + 18, "banco 31")]
    text = f"{_who(warp)}: palabras distintas en cada banco, {conflict}"
    return _svg(text, [*bars, *labels], HEIGHT)


def _who(warp: Warp) -> str:
    access = warp.access
    block = access.first_block + warp.block
    return (
        f"Línea {access.line}: el warp {warp.warp} del bloque {block} "
        f"{ACTIONS[access.kind]} «{access.name}»"
    )


def _spread(count: int) -> tuple[float, list[float]]:
    """Ancho y posiciones de ``count`` cajas, centradas y sin pasarse del dibujo."""
    step = min(4 * (LANE + GAP), (WIDTH - GAP) / count)
    start = (WIDTH - step * count) / 2
    return step - GAP, [start + step * k + GAP / 2 for k in range(count)]


def _lane_x(lane: int) -> float:
    return GAP + lane * (LANE + GAP)


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    border = ' stroke="currentColor" stroke-opacity="0.5"' if fill == "none" else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{fill}"{border}/>'
    )


def _line(x1: float, x2: float) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{LANES_Y + LANE}" x2="{x2:.1f}" y2="{SECTORS_Y}" '
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
