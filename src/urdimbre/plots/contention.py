"""Operaciones atómicas y compactación: a qué casilla va cada dato, y cuántos chocan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from urdimbre.errors import ArgumentError
from urdimbre.observe.trace import Trace, TracedAccess
from urdimbre.observe.transactions import contention
from urdimbre.plots import footprint, style


@dataclass(frozen=True)
class Pressure:
    """Lo que piden las operaciones atómicas de un lanzamiento, en una memoria.

    Attributes:
        lanes: actualizaciones, una por carril activo.
        requests: operaciones de warp con algún carril activo.
        passes: turnos que hacen falta si en cada uno una dirección admite una actualización.
        busiest: actualizaciones que recibe la dirección más pedida de todo el lanzamiento; en la
            memoria compartida, de un mismo bloque.
    """

    lanes: int
    requests: int
    passes: int
    busiest: int

    @property
    def passes_per_request(self) -> float:
        """Turnos por operación de warp; 0.0 si no hubo ninguna."""
        return self.passes / self.requests if self.requests else 0.0


def pressure(trace: Trace, space: str) -> Pressure:
    """Cuenta las operaciones atómicas de una traza completa en ``"global"`` o ``"shared"``.

    Errors:
        ArgumentError: la traza está recortada, y la cuenta no sería la verdadera.
    """
    _complete(trace)
    events = _atomics(trace, space)
    deep = [contention(a.address.reshape(-1, 32), a.mask.reshape(-1, 32)) for a in events]
    active = [a.mask.any(axis=2) for a in events]
    return Pressure(
        lanes=sum(int(np.count_nonzero(a.mask)) for a in events),
        requests=sum(int(np.count_nonzero(m)) for m in active),
        passes=sum(int(d.sum()) for d in deep),
        busiest=_busiest(events, space),
    )


def _complete(trace: Trace) -> None:
    if trace.dropped:
        raise ArgumentError(trace.note)


def _atomics(trace: Trace, space: str) -> list[TracedAccess]:
    return [a for a in trace.accesses if (a.kind, a.space) == ("atomic", space)]


def _busiest(events: list[TracedAccess], space: str) -> int:
    """La mayor cuenta por dirección; la memoria compartida de cada bloque es otra."""
    keys = []
    for access in events:
        blocks = np.arange(len(access.blocks), dtype=np.int64)[:, None, None] + access.first_block
        apart = blocks * (1 << 32) if space == "shared" else 0
        keys.append(np.broadcast_to(access.address + apart, access.mask.shape)[access.mask])
    if not keys:
        return 0
    return int(np.unique(np.concatenate(keys), return_counts=True)[1].max())


def updates_per_bin(trace: Trace, array: str) -> np.ndarray:
    """Cuántas operaciones atómicas recibe cada elemento de un arreglo global: int64.

    Errors:
        ArgumentError: la traza está recortada, o nadie actualiza ese arreglo.
    """
    _complete(trace)
    found = [a for a in _atomics(trace, "global") if a.name == array]
    if not found:
        raise ArgumentError(f"En la traza nadie actualiza «{array}» con una operación atómica.")
    size = int(np.prod(found[0].shape, dtype=np.int64))
    places = np.concatenate([footprint.elements(a)[a.mask] for a in found])
    return np.bincount(places, minlength=size)


def bins(traces: Mapping[str, Trace], array: str) -> Figure:
    """Operaciones atómicas que recibe cada casilla de ``array``, una gráfica por traza.

    Las gráficas comparten la escala: la altura es el largo de la fila en esa dirección.

    Errors:
        ArgumentError: los de :func:`updates_per_bin`.
    """
    counts = {name: updates_per_bin(trace, array) for name, trace in traces.items()}
    tallest = max(int(c.max()) for c in counts.values())
    rows = len(counts)
    fig, axes = style.figure(0.5 + 1.15 * rows, nrows=rows, sharex=True, squeeze=False)
    for ax, (name, times) in zip(axes[:, 0], counts.items(), strict=True):
        ax.bar(np.arange(times.size, dtype=np.int64), times, width=0.9, color=style.BLUE)
        ax.set_ylim(0, tallest * 1.1)
        ax.set_yticks([0, tallest])
        ax.spines[["top", "right"]].set_visible(False)
        ax.set_title(f"{name}: {int(times.max())} en la más pedida", loc="left")
    axes[-1, 0].set_xlabel(f"casilla de «{array}»")
    fig.supylabel("operaciones atómicas", fontsize=style.FONT)
    return fig


def scatter(trace: Trace, values: np.ndarray, source: str, target: str) -> Figure:
    """Qué elemento de ``source`` termina en cada casilla de ``target``, según la traza.

    Args:
        trace: un lanzamiento donde cada hilo lee un elemento de ``source`` y quizá escribe uno
            de ``target``.
        values: lo que contiene ``source``, para rotular las casillas; 1-D.

    Errors:
        ArgumentError: en la traza nadie lee ``source`` o nadie escribe ``target``.
    """
    moves = moved(trace, source, target)
    fig, ax = style.figure(1.75)
    n, low = len(values), 3.0
    kept = dict(moves)
    for place, value in enumerate(values):
        fill = style.tint(0) if place in kept else style.EMPTY
        style.cell(ax, (place, 0), fill, f"{value:g}", font=style.FONT)
    arrived = {there: here for here, there in moves}
    for place in range(n):
        text = f"{values[arrived[place]]:g}" if place in arrived else ""
        fill = style.tint(0) if place in arrived else style.EMPTY
        style.cell(ax, (place, low), fill, text, font=style.FONT)
    for here, there in moves:
        ax.plot([here + 0.5, there + 0.5], [1, low], color=style.BLUE, linewidth=1.3, zorder=0)
    style.canvas(ax, n, low + 1)
    _side_labels(ax, n, ((0.5, source), (low + 0.5, target)))
    return fig


def _side_labels(ax: Axes, n: int, labels: tuple[tuple[float, str], ...]) -> None:
    for y, text in labels:
        ax.text(-0.3, y, f"«{text}»", ha="right", va="center")
    ax.set_xlim(-0.16 * n, n + 0.05)


def moved(trace: Trace, source: str, target: str) -> list[tuple[int, int]]:
    """Pares (elemento leído, casilla escrita) del mismo hilo del bloque 0, en orden de lectura.

    Errors:
        ArgumentError: en la traza nadie lee ``source`` o nadie escribe ``target``.
    """
    read = _by_thread(trace, source, "load")
    written = _by_thread(trace, target, "store")
    return sorted((read[t], place) for t, place in written.items() if t in read)


def _by_thread(trace: Trace, array: str, kind: str) -> dict[int, int]:
    places: dict[int, int] = {}
    for access in trace.accesses:
        if (access.name, access.kind) == (array, kind) and 0 in access.blocks:
            found = footprint.elements(access)[0].ravel()
            for thread in np.flatnonzero(access.mask[0].ravel()):
                places[int(thread)] = int(found[thread])
    if not places:
        verb = footprint.VERBS[kind]
        raise ArgumentError(f"En la traza nadie {verb} «{array}». Revisa el nombre del arreglo.")
    return places
