"""Índices negativos que caen dentro del arreglo: no son un error, y casi nunca son lo que se quiso.

Numba cuenta un índice negativo desde el final, como Python, y *memcheck* no lo ve: el acceso es
válido. Quien olvidó una guarda en ``x[i - 1]`` lee otro elemento sin enterarse.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.observe.findings import INFO, MESSAGES, VERBS, Finding, Group, more, place, quote
from urdimbre.observe.lanes import (
    active,
    block_name,
    element_name,
    grid3,
    linear_thread,
    thread_name,
    value_at,
    without,
)
from urdimbre.sim.events import Access, LaunchInfo


class NegativeIndex:
    """Observador de los accesos válidos con algún índice negativo. Informa; nunca es un error."""

    def __init__(self) -> None:
        self._launch: LaunchInfo | None = None
        self._groups: dict[tuple, Group] = {}

    def begin(self, launch: LaunchInfo) -> None:
        """Recuerda el lanzamiento para citar sus líneas."""
        self._launch = launch

    def on_access(self, event: Access) -> None:
        """Anota los carriles activos que usan un índice negativo sin salir del arreglo."""
        if len(event.index) != len(event.array.shape) or not any(map(_has_negative, event.index)):
            return
        below = [grid3(i) < 0 for i in event.index]
        mask = without(active(event.mask, event.lanes), event.out_of_bounds)
        bad = np.logical_or.reduce(np.broadcast_arrays(*below))
        bad = np.broadcast_to(bad if mask is None else bad & mask, event.lanes.shape)
        count = int(np.count_nonzero(bad))
        if count:
            key = (event.line, event.array.name, event.kind)
            if key not in self._groups:
                where = np.unravel_index(int(bad.argmax()), bad.shape)
                self._groups[key] = self._first(event, where)
            self._groups[key].count += count

    @property
    def findings(self) -> list[Finding]:
        """Un hallazgo por línea, arreglo y clase de acceso, en orden de línea."""
        built = [_finding(self._launch, *item) for item in self._groups.items()]
        return sorted(built, key=lambda f: f.line)

    def _first(self, event: Access, where: tuple) -> Group:
        lanes, thread, array = event.lanes, linear_thread(where), event.array
        index = [value_at(i, where, lanes) for i in event.index]
        actual = [k + n if k < 0 else k for k, n in zip(index, array.shape, strict=True)]
        fields: dict[str, Any] = {
            "source": quote(self._launch, event.line),
            "block": lanes.block_index(int(where[0])),
            "threads": (lanes.thread_index(thread),),
            "detail": {"severity": INFO, "access": event.kind, "index": index, "actual": actual},
        }
        words = {
            "block": block_name(int(where[0]), lanes),
            "thread": thread_name(thread, lanes),
            "element": element_name(array.name, event.index, where, lanes),
            "actual": f"{array.name}[{', '.join(map(str, actual))}]",
        }
        return Group(fields, words)


def _has_negative(index: Any) -> bool:
    return bool((index.min(initial=0) if isinstance(index, np.ndarray) else index) < 0)


def _finding(launch: LaunchInfo | None, key: tuple, group: Group) -> Finding:
    line, array, access = key
    message = MESSAGES["negative_index"].format(
        line=place(launch, line),
        array=array,
        verb=VERBS[access],
        more=more(group.count - 1),
        **group.words,
    )
    return Finding(
        "negative_index", message, line=line, array=array, count=group.count, **group.fields
    )
