"""Consejos que da un perfil, con los umbrales publicados de Nsight Compute y de Numba.

Reglas de *ncu*: ``UncoalescedGlobalAccess`` (cualquier sector de más), ``SharedMemoryConflicts``
(desde 10 % de los turnos) y ``ThreadDivergence`` (menos de 24 carriles). Numba avisa de
una malla de menos de 128 bloques.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from urdimbre.observe.findings import place
from urdimbre.observe.profile_rows import number
from urdimbre.observe.tally import Tally
from urdimbre.sim.events import WARP, LaunchInfo

CONFLICT_SHARE = 0.10
FEW_LANES = 24
FEW_BLOCKS = 128
WORST_LINES = 3  # las demás líneas se ven en la tabla


@dataclass(frozen=True)
class Advice:
    """Un consejo.

    Attributes:
        rule: el nombre de la regla en el *profiler*; ``"grid"`` es el aviso de Numba.
        line: la línea, o 0 si es de todo el lanzamiento.
        message: qué pasa, cuánto y qué mirar.
    """

    rule: str
    line: int
    message: str

    def to_dict(self) -> dict[str, Any]:
        """El consejo con tipos que JSON entiende."""
        return asdict(self)

    def __str__(self) -> str:
        return self.message


def advise(launch: LaunchInfo, by_place: dict[int, Tally], total: Tally) -> list[Advice]:
    """Los consejos de un lanzamiento; vacía si ninguna regla se cumple."""
    found = [
        Advice(rule, *item) for rule, of in _LINE_RULES for item in of(launch, by_place, total)
    ]
    return found + _divergence(total) + _small_grid(launch)


def _uncoalesced(
    launch: LaunchInfo, by_place: dict[int, Tally], total: Tally
) -> list[tuple[int, str]]:
    return [
        (
            int(line),
            f"Línea {place(launch, line)}: sobran {tally.excess_sectors} de {_sectors(tally)} "
            f"sectores ({_percent(tally.excess_sectors, _sectors(tally))}). Haz que los hilos "
            "vecinos toquen direcciones vecinas.",
        )
        for line, tally in _worst(by_place, lambda t: t.excess_sectors)
    ]


def _conflicts(
    launch: LaunchInfo, by_place: dict[int, Tally], total: Tally
) -> list[tuple[int, str]]:
    if total.conflict_share < CONFLICT_SHARE:
        return []
    return [
        (
            int(line),
            f"Línea {place(launch, line)}: {tally.bank_conflicts} de {_wavefronts(tally)} turnos "
            f"({_percent(tally.bank_conflicts, _wavefronts(tally))}) son conflictos de "
            f"bancos, de {number(tally.n_way)} vías en promedio. Cambia la disposición: una "
            "columna de relleno suele bastar.",
        )
        for line, tally in _worst(by_place, lambda t: t.bank_conflicts)
    ]


def _divergence(total: Tally) -> list[Advice]:
    if not total.warp_steps or total.lanes_per_step >= FEW_LANES:
        return []
    idle = WARP * total.warp_steps - total.active_lanes
    message = (
        f"En promedio trabajan {number(total.lanes_per_step)} de {WARP} carriles por acceso o "
        f"decisión: el {_percent(idle, WARP * total.warp_steps)} de los carriles espera. Agrupa en "
        "los mismos warps a los hilos que hacen lo mismo."
    )
    return [Advice("ThreadDivergence", 0, message)]


def _small_grid(launch: LaunchInfo) -> list[Advice]:
    blocks = launch.grid[0] * launch.grid[1] * launch.grid[2]
    if blocks >= FEW_BLOCKS:
        return []
    message = (
        f"La malla tiene {blocks} {'bloque' if blocks == 1 else 'bloques'}, menos de "
        f"{FEW_BLOCKS}: con tan pocos, una GPU grande queda casi vacía. Para aprender está bien; "
        "con datos de verdad, usa más bloques."
    )
    return [Advice("grid", 0, message)]


_LINE_RULES = (("UncoalescedGlobalAccess", _uncoalesced), ("SharedMemoryConflicts", _conflicts))


def _worst(by_place: dict[int, Tally], amount: Callable[[Tally], int]) -> list[tuple[int, Tally]]:
    """Las líneas con más de lo que ``amount`` mide, de mayor a menor."""
    some = [(line, tally) for line, tally in by_place.items() if amount(tally)]
    return sorted(some, key=lambda item: (-amount(item[1]), item[0]))[:WORST_LINES]


def _sectors(tally: Tally) -> int:
    return tally.global_load_sectors + tally.global_store_sectors


def _wavefronts(tally: Tally) -> int:
    return tally.shared_load_wavefronts + tally.shared_store_wavefronts


def _percent(part: int, whole: int) -> str:
    return f"{number(100 * part / whole)} %"
