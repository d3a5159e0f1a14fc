"""Carreras en memoria compartida.

Dentro de una fase (entre barreras), dos accesos de hilos distintos del mismo bloque a los mismos
bytes, al menos uno de escritura y no los dos atómicos, son una carrera: el resultado depende del
orden. No importa que sean del mismo warp, porque desde Volta sus hilos no van en fila; un
``syncwarp`` al que llega todo el warp sí los ordena entre ellos.
Definición: *Compute Sanitizer*, herramienta *racecheck*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from urdimbre.observe.findings import ERROR, INFO, MESSAGES, VERBS, Finding, Group, more, quote
from urdimbre.observe.lanes import (
    active,
    block_name,
    element_name,
    grid3,
    thread_name,
    value_at,
    without,
)
from urdimbre.observe.shadow import SITE_MASK, Shadow, encode, thread_of
from urdimbre.sim.events import WARP, Access, Barrier, Lanes, LaunchInfo

# Acceso nuevo -> clases anteriores con las que choca.
CLASHES = {
    "load": ("store", "atomic"),
    "store": ("store", "load", "atomic"),
    "atomic": ("store", "load"),
}

# (anterior, nuevo) -> nombre del riesgo; una atómica cuenta como escritura.
HAZARDS = {
    ("store", "load"): "RAW",
    ("atomic", "load"): "RAW",
    ("load", "store"): "WAR",
    ("load", "atomic"): "WAR",
    ("store", "store"): "WAW",
    ("store", "atomic"): "WAW",
    ("atomic", "store"): "WAW",
}


@dataclass(frozen=True)
class Site:
    """Un lugar del código que toca la memoria compartida."""

    line: int
    array: str
    kind: str


@dataclass(frozen=True, eq=False)
class _Touch:
    """Los carriles activos de un acceso, en una dimensión y en orden de bloque e hilo.

    Attributes:
        shadow: la sombra de la asignación que se toca.
        keys: claves de la sombra, un arreglo por gránulo del acceso.
        codes: códigos de la sombra, con hilo, época y lugar.
        shape, mask: forma ``(filas, W, 32)`` y quiénes quedaron.
        repeats: bloques que representa cada fila.
    """

    event: Access
    shadow: Shadow
    keys: tuple[np.ndarray, ...]
    codes: np.ndarray
    shape: tuple[int, int, int]
    mask: np.ndarray | None
    repeats: int

    def thread(self, i: int) -> int:
        """Hilo lineal del ``i``-ésimo carril activo."""
        return thread_of(self.codes[i])

    def position(self, i: int) -> tuple[int, int, int]:
        """``(b, w, carril)`` del ``i``-ésimo carril activo."""
        return (int(self.keys[0][i]) // self.shadow.columns, *divmod(self.thread(i), WARP))

    def flat(self, value: Any) -> np.ndarray:
        """Un valor del evento, para los mismos carriles."""
        return _flat(grid3(value), self.shape, self.mask)


class Racecheck:
    """Observador de carreras en memoria compartida, exacto por bytes y por fase.

    Una barrera comienza otra fase en los bloques donde llega algún hilo; la divergencia la
    informa ``Synccheck``.
    """

    def __init__(self) -> None:
        self._launch: LaunchInfo | None = None
        self._groups: dict[tuple, Group] = {}
        self._sites: list[Site] = []
        self._numbers: dict[Site, int] = {}
        self._shadows: dict[int, Shadow] = {}
        self._epoch: np.ndarray | int = 0

    def begin(self, launch: LaunchInfo) -> None:
        """Recuerda el lanzamiento para citar sus líneas."""
        self._launch = launch

    def begin_chunk(self, lanes: Lanes) -> None:
        """Bloques nuevos: memoria compartida nueva."""
        self._shadows.clear()
        self._epoch = 0

    def on_barrier(self, event: Barrier) -> None:
        """Comienza otra fase en los bloques que llegan; ``syncwarp``, otra época del warp."""
        if event.kind == "syncwarp":
            self._advance(event)
            return
        mask = active(event.mask, event.lanes)
        arrived = None if mask is None else mask.any(axis=(1, 2))
        everyone = arrived is None or arrived.all()
        for shadow in self._shadows.values():
            if everyone:
                shadow.clear()
            elif arrived.any():
                shadow.expand(event.lanes.shape[0])
                shadow.clear(np.broadcast_to(arrived, (shadow.rows,)))

    def on_access(self, event: Access) -> None:
        """Compara un acceso a memoria compartida con los anteriores de su fase y lo anota."""
        if event.array.space != "shared":
            return
        touch = self._touch(event)
        if touch is None:
            return
        for earlier in CLASHES[event.kind]:
            self._against(earlier, touch)
        if event.kind == "store":
            self._together(touch)
        for keys in touch.keys:
            touch.shadow.record(event.kind, keys, touch.codes, self._ordering)

    @property
    def findings(self) -> list[Finding]:
        """Un hallazgo por riesgo y par de lugares, en orden de línea."""
        built = [_finding(*item) for item in self._groups.items()]
        return sorted(built, key=lambda f: (f.line, f.other_line))

    def _advance(self, event: Barrier) -> None:
        """Otra época para los warps a los que no les falta ningún hilo vivo."""
        lanes = event.lanes
        present = grid3(event.mask) | grid3(event.exited) | ~grid3(lanes.base_mask)
        whole = present.all(axis=2, keepdims=True)
        self._epoch = self._epoch + whole.astype(np.int64)

    @property
    def _ordering(self) -> bool:
        """Si hubo algún ``syncwarp`` en la tanda."""
        return not isinstance(self._epoch, int)

    def _site(self, event: Access) -> int:
        site = Site(event.line, event.array.name, event.kind)
        if site not in self._numbers:
            self._numbers[site] = len(self._sites) & SITE_MASK
            self._sites.append(site)
        return self._numbers[site]

    def _touch(self, event: Access) -> _Touch | None:
        """Los carriles activos, con sus claves y códigos; ``None`` si no hay ninguno."""
        lanes, (base, extent) = event.lanes, event.array.allocation
        shadow = self._shadows.setdefault(base, Shadow())
        mask = without(active(event.mask, lanes), event.out_of_bounds)
        if mask is not None and not mask.any():
            return None
        address = grid3(event.address) - base
        codes = encode(_threads(lanes.shape[1]), self._epoch, self._site(event))
        if max(len(address), len(codes), 1 if mask is None else len(mask)) > 1:
            shadow.expand(lanes.shape[0])
        shadow.fit(extent, address, mask, event.size)
        shape = (shadow.rows, *lanes.shape[1:])
        start, span = shadow.keys(address), range(event.size // shadow.granule)
        first, codes = _flat(start, shape, mask), _flat(codes, shape, mask)
        keys = (first, *(first + k for k in span[1:]))
        return _Touch(event, shadow, keys, codes, shape, mask, lanes.shape[0] // shadow.rows)

    def _against(self, earlier: str, touch: _Touch) -> None:
        """Choques con accesos anteriores de la clase ``earlier``."""
        clash = None
        for keys in touch.keys:
            found = touch.shadow.others(earlier, keys, touch.codes, self._ordering)
            if found is not None:
                clash = found if clash is None else np.where(clash < 0, found, clash)
        if clash is None:
            return
        hazard = HAZARDS[earlier, touch.event.kind]
        sites = np.where(clash < 0, -1, clash & SITE_MASK)
        for number in np.unique(sites[sites >= 0]).tolist():
            who = np.flatnonzero(sites == number)
            other = thread_of(clash[who[0]])
            self._note(hazard, touch, who, self._sites[number], other)

    def _together(self, touch: _Touch) -> None:
        """Choques entre los hilos de una misma escritura."""
        lane = np.arange(len(touch.codes), dtype=np.int64)
        lanes = np.tile(lane, len(touch.keys))
        winner = lanes[touch.shadow.last(np.concatenate(touch.keys))]
        clash = winner != lanes
        if not clash.any():
            return
        who, other = lanes[clash], winner[clash]
        hazard = "WAW_same_value" if _same_value(touch, who, other) else "WAW_together"
        site = Site(touch.event.line, touch.event.array.name, "store")
        self._note(hazard, touch, np.unique(who), site, touch.thread(other[0]))

    def _note(self, hazard: str, touch: _Touch, who: np.ndarray, site: Site, other: int) -> None:
        key = (hazard, touch.event.line, touch.event.array.name, touch.event.kind, site)
        if key not in self._groups:
            self._groups[key] = self._first(hazard, touch, int(who[0]), site, other)
        self._groups[key].count += len(who) * touch.repeats

    def _first(self, hazard: str, touch: _Touch, i: int, site: Site, other: int) -> Group:
        event, where, thread = touch.event, touch.position(i), touch.thread(i)
        lanes = event.lanes
        element = element_name(event.array.name, event.index, where, lanes)
        fields = {
            "source": quote(self._launch, event.line),
            "other_source": quote(self._launch, site.line),
            "block": lanes.block_index(where[0]),
            "threads": tuple(lanes.thread_index(t) for t in (other, thread)),
            "detail": {
                "severity": SEVERITY.get(hazard, ERROR),
                "hazard": hazard[:3],
                "access": event.kind,
                "element": element,
                "offset": value_at(event.address, where, lanes),
                "same_instruction": hazard.startswith("WAW_"),
            },
        }
        words = {
            "block": block_name(where[0], lanes),
            "thread": thread_name(thread, lanes),
            "other": thread_name(other, lanes),
            "element": element,
        }
        return Group(fields, words)


SEVERITY = {"WAW_same_value": INFO}


def _flat(value: np.ndarray, shape: tuple[int, int, int], mask: np.ndarray | None) -> np.ndarray:
    full = np.broadcast_to(value, shape)
    return full.reshape(-1) if mask is None else full[np.broadcast_to(mask, shape)]


def _threads(warps: int) -> np.ndarray:
    return np.arange(warps * WARP, dtype=np.int64).reshape(1, warps, WARP)


def _same_value(touch: _Touch, who: np.ndarray, other: np.ndarray) -> bool:
    """Si los hilos que chocan escriben lo mismo (un NaN cuenta como igual a otro)."""
    if touch.event.value is None:
        return False
    value = touch.flat(touch.event.value)
    mine, theirs = value[who], value[other]
    return bool(((mine == theirs) | ((mine != mine) & (theirs != theirs))).all())


def _advice(line: int, other_line: int, hazard: str) -> str:
    """Dónde poner la barrera, según el orden de las dos líneas en el texto."""
    if line > other_line:
        return f"Pon cuda.syncthreads() entre la línea {other_line} y la {line}."
    if line < other_line:
        return f"El ciclo vuelve a la línea {line}: pon cuda.syncthreads() al final de cada vuelta."
    if hazard == "WAR":
        return "Lee a una variable, llama a cuda.syncthreads() y escribe después."
    return "La línea se repite: pon cuda.syncthreads() entre una vuelta y la siguiente."


def _finding(key: tuple, group: Group) -> Finding:
    hazard, line, array, kind, site = key
    places = {"line": line, "other_line": site.line}
    message = MESSAGES[hazard].format(
        now=VERBS[kind],
        before=VERBS[site.kind],
        more=more(group.count - 1),
        advice=_advice(line, site.line, hazard),
        **group.words | places,
    )
    return Finding(
        kind="race", message=message, array=array, count=group.count, **group.fields | places
    )
