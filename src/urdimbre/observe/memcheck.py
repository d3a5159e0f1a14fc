"""Accesos fuera de rango o desalineados, agrupados por línea y arreglo."""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.observe.findings import ACTIONS, ERROR, MESSAGES, Finding, Group, more, place, quote
from urdimbre.observe.lanes import (
    active,
    block_name,
    element_name,
    grid3,
    linear_thread,
    thread_name,
    value_at,
)
from urdimbre.sim.events import Access, LaunchInfo

MAX_ALIGNMENT = 8  # un complex128 son dos accesos de 8 B


class Memcheck:
    """Observador de accesos que salen de su arreglo o que no están alineados.

    Mira la memoria global, la compartida y la local.
    """

    def __init__(self) -> None:
        self._launch: LaunchInfo | None = None
        self._groups: dict[tuple, Group] = {}

    def begin(self, launch: LaunchInfo) -> None:
        """Recuerda el lanzamiento para citar sus líneas."""
        self._launch = launch

    def on_access(self, event: Access) -> None:
        """Anota los carriles activos que salen del arreglo, o que no están alineados."""
        if event.out_of_bounds is not False:
            self._note("out_of_bounds", event, grid3(event.out_of_bounds))
        misplaced = _misaligned(event)
        if misplaced is not None:
            self._note("misaligned", event, misplaced)

    @property
    def findings(self) -> list[Finding]:
        """Un hallazgo por línea, arreglo y clase de acceso, en orden de línea."""
        built = [_finding(self._launch, *item) for item in self._groups.items()]
        return sorted(built, key=lambda f: f.line)

    def _note(self, kind: str, event: Access, bad: np.ndarray) -> None:
        mask = active(event.mask, event.lanes)
        bad = np.broadcast_to(bad if mask is None else bad & mask, event.lanes.shape)
        count = int(np.count_nonzero(bad))
        if not count:
            return
        key = (kind, event.line, event.array.name, event.kind)
        if key not in self._groups:
            where = np.unravel_index(int(bad.argmax()), bad.shape)
            self._groups[key] = self._first(kind, event, where)
        self._groups[key].count += count

    def _first(self, kind: str, event: Access, where: tuple) -> Group:
        lanes, thread, array = event.lanes, linear_thread(where), event.array
        fields = {
            "source": quote(self._launch, event.line),
            "block": lanes.block_index(int(where[0])),
            "threads": (lanes.thread_index(thread),),
            "detail": {"severity": ERROR, "access": event.kind, "space": array.space}
            | _DETAILS[kind](event, where),
        }
        words = {
            "block": block_name(int(where[0]), lanes),
            "thread": thread_name(thread, lanes),
            "element": element_name(array.name, event.index, where, lanes),
            "valid": _valid(array.shape),
            "address": value_at(event.address, where, lanes),
            "size": event.size,
        }
        return Group(fields, words)


def _misaligned(event: Access) -> np.ndarray | None:
    """Carriles cuya dirección no es múltiplo del tamaño; ``None`` si no hay ninguno."""
    address, low_bits = grid3(event.address), min(event.size, MAX_ALIGNMENT) - 1
    if not np.bitwise_or.reduce(address, axis=None) & low_bits:
        return None
    return (address & low_bits != 0) & ~grid3(event.out_of_bounds)


def _bounds_detail(event: Access, where: tuple) -> dict[str, Any]:
    index = [value_at(i, where, event.lanes) for i in event.index]
    return {"index": index, "shape": list(event.array.shape)}


def _alignment_detail(event: Access, where: tuple) -> dict[str, Any]:
    return {"address": value_at(event.address, where, event.lanes), "size": event.size}


_DETAILS = {"out_of_bounds": _bounds_detail, "misaligned": _alignment_detail}


def _valid(shape: tuple[int, ...]) -> str:
    """El intervalo válido de cada eje: «el índice va de 0 a 99»."""
    if 0 in shape:
        return "el arreglo está vacío"
    if len(shape) == 1:
        return f"el índice va de 0 a {shape[0] - 1}"
    *axes, last = (f"de 0 a {n - 1}" for n in shape)
    return f"los índices van {', '.join(axes)} y {last}"


def _finding(launch: LaunchInfo | None, key: tuple, group: Group) -> Finding:
    kind, line, array, access = key
    words = group.words | {"array": array, "action": ACTIONS[access]}
    words["line"] = place(launch, line)
    message = MESSAGES[kind].format(more=more(group.count - 1), **words)
    return Finding(
        kind=kind, message=message, line=line, array=array, count=group.count, **group.fields
    )
