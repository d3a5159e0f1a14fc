"""Multiplicar matrices: qué toca un warp o un bloque en ``a``, ``b`` y ``c``, y quién hace qué.

Las tres matrices van como en papel: ``b`` arriba, ``a`` a la izquierda y ``c`` donde se cruzan la
fila de una con la columna de la otra.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from urdimbre.errors import ArgumentError
from urdimbre.observe.trace import Trace, TracedAccess
from urdimbre.plots import footprint, style, tiles

PLACES = {"b": (0, 1), "a": (1, 0), "c": (1, 1)}
NOTHING, BEFORE, NOW, PENDING, WRITTEN = range(5)
_COLORS = (style.EMPTY, style.FETCHED, style.USED, style.TINTS[1], style.ORANGE)
_WALK_LABELS = {
    NOW: "lee en este paso",
    BEFORE: "leyó antes",
    PENDING: "va sumando",
    WRITTEN: "escribe",
}
_WARP_LABELS = {tiles.WARP: "pide un warp", tiles.CARRIED: "viaja sin pedirse"}
IDLE, FETCHES, COMPUTES = range(3)
_ROLE_COLORS = (style.OFF, style.ORANGE, style.BLUE)
_ROLE_LABELS = {
    COMPUTES: "escribe un elemento de c",
    FETCHES: "no escribe, pero trae datos",
    IDLE: "ni trae ni escribe",
}


def walk(trace: Trace, *, block: int = 0) -> tuple[list[Figure], list[str]]:
    """Un bloque que avanza por ``a`` y ``b``: una figura por paso y otra al escribir ``c``.

    Un paso son las lecturas globales entre dos barreras. Sirve para ``motion.steps``.

    Returns:
        Las figuras, todas del mismo tamaño, y una frase para cada una.

    Errors:
        ArgumentError: en la traza, el bloque no lee ``a`` y ``b`` o no escribe ``c``.
    """
    loads = {name: _touching(trace, name, "load", block) for name in "ab"}
    stores = _touching(trace, "c", "store", block)
    phases = sorted({access.phase for found in loads.values() for access in found})
    figures, captions, seen = [], [], 0
    for number, phase in enumerate([*phases, None], start=1):
        states = {name: _visited(found, block, phase) for name, found in loads.items()}
        states["c"] = _cells(stores, block, WRITTEN if phase is None else PENDING)
        now = [x for found in loads.values() for x in found if x.phase == phase]
        seen += sum(_sectors(x, block) for x in now)
        figures.append(_three(states))
        captions.append(_caption(number, len(phases), now, stores, block, seen))
    return figures, captions


def _touching(trace: Trace, array: str, kind: str, block: int) -> list[TracedAccess]:
    found = [a for a in trace.accesses if (a.name, a.kind) == (array, kind)]
    found = [a for a in found if len(footprint.block_elements(a, block))]
    if not found:
        verb = footprint.VERBS[kind]
        raise ArgumentError(f"En la traza, el bloque {block} nunca {verb} «{array}».")
    return found


def _visited(found: list[TracedAccess], block: int, phase: int | None) -> np.ndarray:
    """Estado de cada elemento: sin leer, leído antes de esa fase, o en ella."""
    before = [a for a in found if phase is None or a.phase < phase]
    state = _cells(before, block, BEFORE, found[0].shape)
    return np.maximum(
        state, _cells([a for a in found if a.phase == phase], block, NOW, state.shape)
    )


def _cells(
    found: Iterable[TracedAccess], block: int, state: int, shape: tuple[int, ...] = ()
) -> np.ndarray:
    """``state`` donde el bloque toca la matriz y 0 donde no: int64 con su forma."""
    accesses = list(found)
    shape = shape or accesses[0].shape
    flat = np.zeros(int(np.prod(shape, dtype=np.int64)), np.int64)
    for access in accesses:
        flat[footprint.block_elements(access, block)] = state
    return flat.reshape(shape)


def _sectors(access: TracedAccess, block: int) -> int:
    warps = range(access.address.shape[1])
    return sum(footprint.cost(access, block, warp) for warp in warps)


def _caption(number, steps, now, stores, block, seen) -> str:
    if not now:
        written = sum(len(footprint.block_elements(a, block)) for a in stores)
        return f"El bloque escribe sus {written} sumas. En total leyó {seen} sectores."
    asked = sum(len(footprint.block_elements(a, block)) for a in now)
    return f"Paso {number} de {steps}: trae {asked} elementos. Van {seen} sectores."


def _three(states: Mapping[str, np.ndarray]) -> Figure:
    """Las tres matrices en su lugar, con una leyenda de los estados que hay en cualquier paso."""
    fig, axes = _cross({name: state.shape for name, state in states.items()})
    colors = ListedColormap(_COLORS)
    for name, state in states.items():
        ax = axes[PLACES[name]]
        ax.imshow(state, cmap=colors, vmin=NOTHING, vmax=WRITTEN, interpolation="nearest")
        _ticks(ax, name, state.shape)
    _legend(fig, {k: (_COLORS[k], text) for k, text in _WALK_LABELS.items()})
    return fig


def _cross(shapes: Mapping[str, tuple[int, int]]) -> tuple[Figure, np.ndarray]:
    """La figura de dos por dos, con cada matriz a la misma escala."""
    (m, k), (_, n) = shapes["a"], shapes["b"]
    height = 0.9 + (style.WIDTH - 0.9) * (m + k) / (n + k)
    ratios = {"height_ratios": (k, m), "width_ratios": (k, n)}
    fig, axes = style.figure(min(height, 6.0), nrows=2, ncols=2, **ratios)
    style.bare(axes[0, 0])
    return fig, axes


def _ticks(ax: Axes, name: str, shape: tuple[int, int], every: int = 16) -> None:
    across, down = (np.arange(0, n + 1, every, dtype=np.int64) for n in (shape[1], shape[0]))
    ax.set_xticks(across - 0.5, [str(x) for x in across])
    ax.set_yticks(down - 0.5, [str(y) for y in down])
    ax.set_title(f"«{name}»", loc="left")


def _legend(fig: Figure, entries: Mapping[int, tuple[str, str]], columns: int = 2) -> None:
    handles = [Patch(facecolor=color, label=text) for color, text in entries.values()]
    fig.legend(handles=handles, loc="outside lower center", ncols=columns, frameon=False)


def one_step(traces: Mapping[str, Trace], *, block: int = 0, warp: int = 0) -> Figure:
    """La primera lectura que hace un warp de ``a`` y de ``b``: una fila de paneles por traza.

    En azul, lo que pide; en celeste, lo que viaja en los mismos sectores.

    Errors:
        ArgumentError: en alguna traza el warp no lee ``a`` o no lee ``b``.
    """
    rows = len(traces)
    fig, axes = style.figure(0.6 + 2.3 * rows, nrows=rows, ncols=2, squeeze=False)
    for pair, (title, trace) in zip(axes, traces.items(), strict=True):
        for ax, array in zip(pair, "ab", strict=True):
            access = footprint.chosen(trace, array, "load", block, warp)
            _one_warp(ax, access, block, warp)
            spent = footprint.cost_text(access, block, warp)
            head = title if array == "a" else ""
            ax.set_title(f"{head}\nlee «{array}»: {spent}", loc="left")
    colors = {tiles.WARP: style.USED, tiles.CARRIED: style.SKY}
    _legend(fig, {k: (colors[k], text) for k, text in _WARP_LABELS.items()})
    return fig


def _one_warp(ax: Axes, access: TracedAccess, block: int, warp: int) -> None:
    picture = tiles.owners(access, block, warp)
    picture[picture == tiles.BLOCK] = tiles.NOBODY
    shades = {tiles.NOBODY: style.EMPTY, tiles.BLOCK: style.OFF}
    shades |= {tiles.CARRIED: style.SKY, tiles.WARP: style.USED}
    colors = ListedColormap([shades[k] for k in sorted(shades)])
    ax.imshow(picture, cmap=colors, vmin=0, vmax=max(shades), interpolation="nearest")
    _ticks(ax, access.name, picture.shape, every=32)


def by_line(trace: Trace, array: str) -> Trace:
    """Otra traza, solo de ``array``, con las repeticiones seguidas de una línea en un acceso.

    Un ciclo que lee dieciséis veces la tesela queda como una sola lectura, y así cabe en
    ``shared.phases``. Los accesos unidos comparten fase.
    """
    merged = Trace()
    merged.launch = trace.launch
    mine = [a for a in trace.accesses if a.name == array]
    for _, group in groupby(mine, key=lambda a: (a.line, a.kind, a.phase, a.first_block)):
        records = list(group)
        address, mask = (
            np.concatenate([getattr(a, name) for a in records], axis=2)
            for name in ("address", "mask")
        )
        merged.accesses.append(replace(records[0], address=address, mask=mask, index=()))
    return merged


def roles(trace: Trace) -> Figure:
    """Cada hilo de una malla de dos dimensiones, según lo que hace: escribir, traer o nada.

    Traer es leer ``a`` o ``b``. Las líneas separan los bloques.
    """
    seen = thread_roles(trace)
    rows, columns = seen.shape
    fig, ax = style.figure(0.9 + style.WIDTH * 0.8 * rows / columns)
    colors = ListedColormap(_ROLE_COLORS)
    ax.imshow(seen, cmap=colors, vmin=IDLE, vmax=COMPUTES, interpolation="nearest")
    wide, high, _ = trace.launch.block
    ax.set_xticks(np.arange(0, columns + 1, wide) - 0.5, range(0, columns + 1, wide))
    ax.set_yticks(np.arange(0, rows + 1, high) - 0.5, range(0, rows + 1, high))
    ax.grid(True, color=style.PAPER, linewidth=2)
    ax.tick_params(length=0)
    ax.set_xlabel("columna de «c» que le toca al hilo")
    ax.set_ylabel("fila")
    _legend(fig, {k: (_ROLE_COLORS[k], text) for k, text in _ROLE_LABELS.items()}, columns=1)
    return fig


def thread_roles(trace: Trace) -> np.ndarray:
    """``COMPUTES``, ``FETCHES`` o ``IDLE`` por hilo: int64 con la forma de la malla de hilos."""
    (across, down, _), (wide, high, _) = trace.launch.grid, trace.launch.block
    found = np.full((down, across, high * wide), IDLE, np.int64)
    ranks = {("a", "load"): FETCHES, ("b", "load"): FETCHES, ("c", "store"): COMPUTES}
    for access in trace.accesses:
        rank = ranks.get((access.name, access.kind), IDLE)
        for b, block in enumerate(access.blocks):
            active = access.mask[b].reshape(-1)[: high * wide]
            place = found[divmod(block, across)]
            place[active] = np.maximum(place[active], rank)
    return found.reshape(down, across, high, wide).swapaxes(1, 2).reshape(down * high, -1)


def warp_outputs(traces: Mapping[str, Trace], *, block: int = 0, warp: int = 0) -> Figure:
    """Los elementos de ``c`` que escribe un warp, y los del resto de su bloque: un panel por traza.

    Errors:
        ArgumentError: en alguna traza el bloque no escribe ``c``.
    """
    fig, axes = style.figure(3.4, ncols=len(traces), squeeze=False)
    colors = ListedColormap([style.EMPTY, style.FETCHED, style.USED])
    for ax, (title, trace) in zip(axes[0], traces.items(), strict=True):
        stores = _touching(trace, "c", "store", block)
        state = _cells(stores, block, BEFORE)
        for access in stores:
            state.flat[footprint.warp_elements(access, block, warp)] = NOW
        ax.imshow(state, cmap=colors, vmin=NOTHING, vmax=NOW, interpolation="nearest")
        _ticks(ax, "c", state.shape)
        ax.set_title(f"{title}\n{int((state == NOW).sum())} de un warp", loc="left")
    texts = {NOW: (style.USED, "un warp"), BEFORE: (style.FETCHED, "el resto del bloque")}
    _legend(fig, texts)
    return fig
