"""Barreras a las que no llega todo el bloque, y reuniones de un warp con la máscara mal puesta."""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.observe.findings import ERROR, MESSAGES, WARNING, Finding, Group, more, place, quote
from urdimbre.observe.lanes import active, block_name, grid3, thread_name
from urdimbre.observe.warp_meetings import stranded
from urdimbre.sim.events import WARP, Barrier, LaunchInfo


class Synccheck:
    """Observador de barreras de bloque y de warp divergentes.

    Distingue a quien tomó otra rama (error) de quien ya había terminado con ``return``
    (advertencia: desde Volta la barrera no espera a los hilos terminados, pero el modelo de
    programación pide que llegue todo el bloque). Un bloque que no llega con ningún hilo está bien.

    En ``syncwarp`` y en las demás operaciones con máscara informa de los carriles nombrados que
    no llegan y de los que llegan sin que los nombren; los terminados no cuentan.
    """

    def __init__(self) -> None:
        self._launch: LaunchInfo | None = None
        self._groups: dict[tuple[str, int], Group] = {}

    def begin(self, launch: LaunchInfo) -> None:
        """Recuerda el lanzamiento para citar sus líneas."""
        self._launch = launch

    def on_barrier(self, event: Barrier) -> None:
        """Compara quién llega con quién debía llegar."""
        if event.kind == "syncwarp":
            self._warps(event)
        elif active(event.mask, event.lanes) is not None:
            self._blocks(event)

    def _warps(self, event: Barrier) -> None:
        for reason, lanes in stranded(event):
            key = (reason, event.line)
            if key not in self._groups:
                self._groups[key] = self._first_warp(event, reason, lanes)
            self._groups[key].count += int(np.count_nonzero(lanes.any(axis=2)))

    def _first_warp(self, event: Barrier, reason: str, bad: np.ndarray) -> Group:
        b, warp, lane = (int(k) for k in np.unravel_index(int(bad.argmax()), bad.shape))
        lanes, thread = event.lanes, WARP * warp + lane
        who = {"warp": warp, "lane": lane, "lanes": int(bad[b, warp].sum())}
        fields = {
            "source": quote(self._launch, event.line),
            "block": lanes.block_index(b),
            "threads": (lanes.thread_index(thread),),
            "detail": who | {"severity": ERROR, "reason": reason},
        }
        named = {"block": block_name(b, lanes), "thread": thread_name(thread, lanes)}
        return Group(fields, who | named)

    def _blocks(self, event: Barrier) -> None:
        exists = _expand(event.lanes.base_mask, event)
        arrived = _expand(event.mask, event) & exists
        missing = exists & ~arrived & arrived.any(axis=1, keepdims=True)
        exited = missing & _expand(event.exited, event)
        for b in np.flatnonzero(missing.any(axis=1)):
            self._note(event, int(b), arrived[b], missing[b], exited[b])

    @property
    def findings(self) -> list[Finding]:
        """Un hallazgo por barrera y motivo, en orden de línea."""
        return [
            _finding(self._launch, *item) for item in sorted(self._groups.items(), key=_by_line)
        ]

    def _note(self, event: Barrier, b: int, arrived, missing, exited) -> None:
        reason = _reason(missing, exited)
        key = (reason, event.line)
        if key not in self._groups:
            self._groups[key] = self._first(event, b, reason, arrived, missing, exited)
        self._groups[key].count += 1

    def _first(self, event: Barrier, b: int, reason: str, arrived, missing, exited) -> Group:
        lanes = event.lanes
        branched = missing & ~exited
        thread = int((branched if branched.any() else missing).argmax())
        counts = {"arrived": int(arrived.sum()), "total": int((arrived | missing).sum())}
        detail = counts | {
            "severity": SEVERITY[reason],
            "reason": reason.removeprefix("barrier_"),
            "exited": int(exited.sum()),
            "branched": int(branched.sum()),
        }
        fields = {
            "source": quote(self._launch, event.line),
            "block": lanes.block_index(b),
            "threads": (lanes.thread_index(thread),),
            "detail": detail,
        }
        words = counts | {"block": block_name(b, lanes), "thread": thread_name(thread, lanes)}
        return Group(fields, words)


SEVERITY = {"barrier_branch": ERROR, "barrier_mixed": ERROR, "barrier_exited": WARNING}


def _reason(missing: np.ndarray, exited: np.ndarray) -> str:
    if not exited.any():
        return "barrier_branch"
    return "barrier_exited" if np.array_equal(missing, exited) else "barrier_mixed"


def _expand(mask: Any, event: Barrier) -> np.ndarray:
    """La máscara como ``(B, hilos)``."""
    full = np.broadcast_to(grid3(mask), event.lanes.shape)
    return full.reshape(event.lanes.shape[0], -1)


def _by_line(item: tuple) -> tuple[int, str]:
    (reason, line), _ = item
    return line, reason


def _finding(launch: LaunchInfo | None, key: tuple[str, int], group: Group) -> Finding:
    reason, line = key
    words = group.words | {"line": place(launch, line), "more": more(group.count - 1)}
    return Finding(
        kind="divergent_barrier",
        message=MESSAGES[reason].format(**words),
        line=line,
        count=group.count,
        **group.fields,
    )
