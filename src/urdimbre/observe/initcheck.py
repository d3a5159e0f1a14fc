"""Lecturas de memoria que nadie escribió antes: compartida, local y global.

No se decide por el valor leído, sino por las escrituras: un elemento que vale NaN a propósito
está bien, y uno que por azar vale cero no. Definición: *Compute Sanitizer*, *initcheck*.
"""

from __future__ import annotations

import numpy as np

from urdimbre.observe.findings import ERROR, MESSAGES, Finding, Group, more, place, quote
from urdimbre.observe.lanes import (
    active,
    block_name,
    element_name,
    linear_thread,
    thread_name,
    without,
)
from urdimbre.observe.written import Written, offsets
from urdimbre.sim.events import Access, ArrayInfo, Lanes, LaunchInfo

# Memoria -> ejes de (bloque, warp, carril) en que cada quien tiene la suya.
AXES = {"shared": (0,), "local": (0, 1, 2), "global": ()}

ADVICE = {
    "shared": (
        "La memoria compartida no comienza en cero: revisa qué hilo debía escribir ese elemento, y "
        "si lo escribe antes de la barrera."
    ),
    "local": "Un arreglo local no comienza en cero: da un valor a cada elemento antes de leerlo.",
    "global": (
        "cuda.device_array no pone ceros: copia los datos con cuda.to_device, o escribe el arreglo "
        "en un kernel antes de leerlo."
    ),
}

READS = {"load": "lectura de", "atomic": "operación atómica sobre"}
NOBODY = {"shared": "nadie en ese bloque", "local": "ese hilo no", "global": "nadie"}


class Initcheck:
    """Observador de lecturas sin inicializar, exacto por bytes.

    La memoria compartida y la local comienzan sin escribir; la global, solo si viene de
    ``cuda.device_array`` y ni una copia ni un lanzamiento anterior la tocaron. Una operación
    atómica lee lo que había.
    """

    def __init__(self) -> None:
        self._launch: LaunchInfo | None = None
        self._groups: dict[tuple, Group] = {}
        self._tables: dict[str, dict[tuple, Written]] = {space: {} for space in AXES}

    def begin(self, launch: LaunchInfo) -> None:
        """Otro lanzamiento: la memoria global pudo cambiar desde fuera."""
        self._launch = launch
        self._tables["global"].clear()

    def begin_chunk(self, lanes: Lanes) -> None:
        """Bloques nuevos: memoria compartida y local nuevas."""
        self._tables["shared"].clear()
        self._tables["local"].clear()

    def on_access(self, event: Access) -> None:
        """Anota lo que se escribe, y avisa si se lee algo que nadie escribió."""
        table = self._table(event.array)
        if table is None:
            return
        mask = without(active(event.mask, event.lanes), event.out_of_bounds)
        if mask is not None and not mask.any():
            return
        start = offsets(event.address, event.array.allocation[0])
        if event.kind != "store" and event.reads:
            bad = table.missing(start, event.size, mask)
            if bad is not None:
                self._note(event, bad)
        if event.kind != "load":
            table.mark(start, event.size, mask, event.lanes.shape)

    @property
    def findings(self) -> list[Finding]:
        """Un hallazgo por línea, arreglo y clase de acceso, en orden de línea."""
        built = [_finding(self._launch, *item) for item in self._groups.items()]
        return sorted(built, key=lambda f: f.line)

    def _table(self, array: ArrayInfo) -> Written | None:
        """La tabla del arreglo; ``None`` si no hay nada que mirar en él."""
        if array.space not in AXES or (array.space == "global" and array.initialized):
            return None
        base, nbytes = array.allocation
        key = (base, array.line, array.name.split(".")[0]) if array.space == "local" else (base,)
        tables = self._tables[array.space]
        if key not in tables:
            tables[key] = Written(nbytes, AXES[array.space])
        return tables[key]

    def _note(self, event: Access, bad: np.ndarray) -> None:
        bad = np.broadcast_to(bad, event.lanes.shape)
        key = (event.line, event.array.name, event.kind)
        if key not in self._groups:
            where = np.unravel_index(int(bad.argmax()), bad.shape)
            self._groups[key] = self._first(event, tuple(int(k) for k in where))
        self._groups[key].count += int(np.count_nonzero(bad))

    def _first(self, event: Access, where: tuple[int, int, int]) -> Group:
        lanes, array, thread = event.lanes, event.array, linear_thread(where)
        element = element_name(array.name, event.index, where, lanes)
        fields = {
            "source": quote(self._launch, event.line),
            "other_line": array.line,
            "other_source": quote(self._launch, array.line),
            "block": lanes.block_index(where[0]),
            "threads": (lanes.thread_index(thread),),
            "detail": {
                "severity": ERROR,
                "access": event.kind,
                "space": array.space,
                "element": element,
            },
        }
        words = {
            "block": block_name(where[0], lanes),
            "thread": thread_name(thread, lanes),
            "element": element,
            "advice": ADVICE[array.space],
        }
        return Group(fields, words)


def _finding(launch: LaunchInfo | None, key: tuple, group: Group) -> Finding:
    line, array, access = key
    declared = group.fields["other_line"]
    words = group.words | {
        "line": place(launch, line),
        "array": array,
        "action": READS[access],
        "nobody": NOBODY[group.fields["detail"]["space"]],
        "declared": f", declarado en la línea {place(launch, declared)}," if declared else "",
        "more": more(group.count - 1),
    }
    return Finding(
        kind="uninitialized",
        message=MESSAGES["uninitialized"].format(**words),
        line=line,
        array=array,
        count=group.count,
        **group.fields,
    )
