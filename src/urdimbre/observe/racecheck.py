"""Carreras en memoria compartida y en la global.

Dos accesos de hilos distintos a los mismos bytes, al menos uno de escritura y no los dos
atómicos, sin una barrera que los ordene, son una carrera: el resultado depende del orden. No
importa que sean del mismo warp, porque desde Volta sus hilos no van en fila; ``syncwarp`` y las
demás operaciones con máscara sí ordenan a los carriles que se reúnen.
Definición: *Compute Sanitizer*, herramienta *racecheck*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from urdimbre.observe.findings import ERROR, Finding, Group, quote
from urdimbre.observe.hazards import (
    CLASHES,
    HAZARDS,
    SEVERITY,
    SPACES,
    Site,
    race_finding,
    updates_of,
)
from urdimbre.observe.lanes import (
    active,
    block_name,
    element_name,
    grid3,
    spread,
    thread_name,
    value_at,
    without,
)
from urdimbre.observe.ordering import BLOCK_BITS, ORDERS, BlockOrder, GridOrder
from urdimbre.observe.shadow import Ordered, Shadow
from urdimbre.sim.events import WARP, Access, Barrier, Lanes, LaunchInfo

BOTH_BLOCKS = "el hilo {0} del bloque {3} y el hilo {1} del bloque {2}"


@dataclass(frozen=True, eq=False)
class _Touch:
    """Los carriles activos de un acceso, en una dimensión y en orden de bloque e hilo.

    Attributes:
        order, shadow: quién está ordenado con quién, y la sombra de la asignación.
        keys: claves de la sombra, un arreglo por gránulo del acceso.
        codes: códigos de la sombra, con hilo, época y lugar.
        shape, mask: forma ``(filas, W, 32)`` y quiénes quedaron.
        repeats: bloques que representa cada fila.
        ordered: qué accesos anteriores ya están ordenados con este; ``None`` si ninguno.
    """

    event: Access
    order: BlockOrder | GridOrder
    shadow: Shadow
    keys: tuple[np.ndarray, ...]
    codes: np.ndarray
    shape: tuple[int, int, int]
    mask: np.ndarray | None
    repeats: int
    ordered: Ordered | None

    def code(self, i: int) -> int:
        """El código del ``i``-ésimo carril activo."""
        return int(self.codes[i])

    def place(self, i: int, code: int) -> tuple[int, int]:
        """Bloque de la tanda e hilo de un código que chocó con el ``i``-ésimo carril."""
        row = int(self.keys[0][i]) // self.shadow.columns
        return self.order.place(row, self.order.layout.thread(code), self.event.lanes)


class Racecheck:
    """Observador de carreras, exacto por bytes.

    Una barrera ordena los bloques donde llega algún hilo; la divergencia la informa
    ``Synccheck``.

    Args:
        spaces: qué memorias mira. La global cuesta 48 B por elemento de cada arreglo.
    """

    def __init__(self, spaces: tuple[str, ...] = ("shared",)) -> None:
        self._launch: LaunchInfo | None = None
        self._groups: dict[tuple, Group] = {}
        self._sites: list[Site] = []
        self._numbers: dict[Site, int] = {}
        self._orders = {space: ORDERS[space]() for space in spaces}

    def begin(self, launch: LaunchInfo) -> None:
        """Otro lanzamiento: lo anterior ya terminó."""
        self._launch = launch
        for order in self._orders.values():
            order.begin()

    def begin_chunk(self, lanes: Lanes) -> None:
        """Bloques nuevos."""
        for order in self._orders.values():
            order.begin_chunk()

    def on_barrier(self, event: Barrier) -> None:
        """Lo de antes queda ordenado para quienes llegan."""
        for order in self._orders.values():
            order.on_barrier(event)

    def on_access(self, event: Access) -> None:
        """Compara un acceso con los anteriores que no están ordenados con él, y lo anota."""
        order = self._orders.get(event.array.space)
        touch = order and self._touch(event, order)
        if touch is None:
            return
        for earlier in CLASHES[event.kind]:
            self._against(earlier, touch)
        if event.kind == "store":
            self._together(touch)
        for keys in touch.keys:
            touch.shadow.record(event.kind, keys, touch.codes, touch.ordered)

    @property
    def findings(self) -> list[Finding]:
        """Un hallazgo por riesgo y par de lugares, en orden de línea."""
        updates = updates_of(self._groups)
        built = [race_finding(self._launch, *item, updates) for item in self._groups.items()]
        return sorted(built, key=lambda f: (f.line, f.other_line))

    def _site(self, event: Access) -> int:
        site = Site(event.line, event.array.name, event.kind)
        if site not in self._numbers:
            self._numbers[site] = len(self._sites)
            self._sites.append(site)
        return self._numbers[site]

    def _touch(self, event: Access, order: BlockOrder | GridOrder) -> _Touch | None:
        """Los carriles activos, con sus claves y códigos; ``None`` si no hay ninguno."""
        lanes, (base, extent) = event.lanes, event.array.allocation
        mask = without(active(event.mask, lanes), event.out_of_bounds)
        if mask is not None and not mask.any():
            return None
        shadow = order.shadows.setdefault(base, Shadow(order.layout))
        address = grid3(event.address) - base
        codes = order.layout.encode(order.threads(lanes), order.clocks.epoch, self._site(event))
        varies = max(len(address), len(codes), 1 if mask is None else len(mask)) > 1
        rows, repeats = order.rows(shadow, lanes, varies)
        shadow.fit(extent, address, mask, event.size)
        shape = (rows, *lanes.shape[1:])
        start, span = shadow.keys(address), range(event.size // shadow.granule)
        first, codes = _flat(start, shape, mask), _flat(codes, shape, mask)
        keys = (first, *(first + k for k in span[1:]))
        ordered = order.ordered(shadow, lanes)
        return _Touch(event, order, shadow, keys, codes, shape, mask, repeats, ordered)

    def _against(self, earlier: str, touch: _Touch) -> None:
        """Choques con accesos anteriores de la clase ``earlier``."""
        clash = None
        for keys in touch.keys:
            found = touch.shadow.others(earlier, keys, touch.codes, touch.ordered)
            if found is not None:
                clash = found if clash is None else np.where(clash < 0, found, clash)
        if clash is None:
            return
        hazard = HAZARDS[earlier, touch.event.kind]
        sites = np.where(clash < 0, -1, touch.order.layout.site(clash))
        for number in np.unique(sites[sites >= 0]).tolist():
            who = np.flatnonzero(sites == number)
            self._note(hazard, touch, who, self._sites[number], clash[who])

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
        self._note(hazard, touch, who, site, touch.codes[other])

    def _note(
        self, hazard: str, touch: _Touch, who: np.ndarray, site: Site, others: np.ndarray
    ) -> None:
        """Anota un choque de los carriles ``who`` con los de los códigos ``others``."""
        key = (hazard, touch.event.line, touch.event.array.name, touch.event.kind, site)
        if key not in self._groups:
            self._groups[key] = self._first(hazard, touch, int(who[0]), site, int(others[0]))
        group, layout = self._groups[key], touch.order.layout
        group.count += len(np.unique(who)) * touch.repeats
        group.crosses |= not layout.together(touch.codes[who], others, BLOCK_BITS).all()

    def _first(self, hazard: str, touch: _Touch, i: int, site: Site, other: int) -> Group:
        event, lanes = touch.event, touch.event.lanes
        (b, thread), (other_b, other_thread) = (touch.place(i, c) for c in (touch.code(i), other))
        where = (b, *divmod(thread, WARP))
        element = element_name(event.array.name, event.index, where, lanes)
        fields = {
            "source": quote(self._launch, event.line),
            "other_source": quote(self._launch, site.line),
            "block": lanes.block_index(b),
            "threads": tuple(lanes.thread_index(t) for t in (other_thread, thread)),
            "detail": {
                "severity": SEVERITY.get(hazard, ERROR),
                "hazard": hazard[:3],
                "access": event.kind,
                "space": event.array.space,
                "element": element,
                "offset": value_at(event.address, where, lanes) - event.array.allocation[0],
                "same_instruction": hazard.startswith("WAW_"),
                "block": lanes.block_index(b),
                "other_block": lanes.block_index(other_b),
                "partial": touch.mask is not None,
            },
        }
        elsewhere = "" if other_b == b else f" del bloque {block_name(other_b, lanes)}"
        names = thread_name(other_thread, lanes), thread_name(thread, lanes)
        both = "los hilos {} y {} del bloque {}" if other_b == b else BOTH_BLOCKS
        words = {
            "space": SPACES[event.array.space],
            "block": block_name(b, lanes),
            "thread": thread_name(thread, lanes),
            "other": names[0] + elsewhere,
            "both": both.format(*names, block_name(b, lanes), block_name(other_b, lanes)),
            "element": element,
        }
        return Group(fields, words)


def _flat(value: np.ndarray, shape: tuple[int, int, int], mask: np.ndarray | None) -> np.ndarray:
    full = spread(value, shape)
    return full.reshape(-1) if mask is None else full[spread(mask, shape)]


def _same_value(touch: _Touch, who: np.ndarray, other: np.ndarray) -> bool:
    """Si los hilos que chocan escriben lo mismo (un NaN cuenta como igual a otro)."""
    if touch.event.value is None:
        return False
    value = grid3(touch.event.value)
    blocks = max(len(value), touch.shape[0])  # el valor puede variar por bloque y la dirección no
    every = _flat(value, (blocks, *touch.shape[1:]), touch.mask).reshape(-1, len(touch.codes))
    mine, theirs = every[:, who], every[:, other]
    return bool(((mine == theirs) | ((mine != mine) & (theirs != theirs))).all())
