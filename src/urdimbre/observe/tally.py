"""Las cuentas de un perfil, y las razones que salen de ellas."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from urdimbre.observe.metrics import METRICS, NOT_MODELLED, Metric

__all__ = ["COUNTED", "DERIVED", "METRICS", "NOT_MODELLED", "SECTOR_BYTES", "Metric", "Tally"]

SECTOR_BYTES = 32


@dataclass
class Tally:
    """Cuentas exactas de una línea o de un lanzamiento entero.

    Las peticiones son instrucciones por warp con algún carril activo; ``*_bytes`` son los
    bytes pedidos por los carriles, y ``*_distinct``, los mismos sin contar dos veces el que piden
    dos carriles de un warp; los sectores son de 32 B. ``blocks`` solo está en el total.
    """

    global_load_requests: int = 0
    global_load_sectors: int = 0
    global_load_ideal: int = 0
    global_load_bytes: int = 0
    global_load_distinct: int = 0
    global_store_requests: int = 0
    global_store_sectors: int = 0
    global_store_ideal: int = 0
    global_store_bytes: int = 0
    global_store_distinct: int = 0
    shared_load_requests: int = 0
    shared_load_wavefronts: int = 0
    shared_load_ideal: int = 0
    shared_store_requests: int = 0
    shared_store_wavefronts: int = 0
    shared_store_ideal: int = 0
    shared_atomic_requests: int = 0
    shared_atomic_wavefronts: int = 0
    local_load_requests: int = 0
    local_load_sectors: int = 0
    local_store_requests: int = 0
    local_store_sectors: int = 0
    atomic_requests: int = 0
    atomic_lanes: int = 0
    atomic_passes: int = 0
    atomic_max_lanes: int = 0
    barriers: int = 0
    warp_syncs: int = 0
    branches: int = 0
    divergent_branches: int = 0
    warp_steps: int = 0
    active_lanes: int = 0
    warp_instructions: int = 0
    thread_instructions: int = 0
    flop_half: int = 0
    flop_single: int = 0
    flop_double: int = 0
    blocks: int = 0

    def merge(self, other: Tally) -> None:
        """Suma ``other``; de la contención máxima queda la mayor."""
        for name in COUNTED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.atomic_max_lanes = max(self.atomic_max_lanes, other.atomic_max_lanes)

    def to_dict(self) -> dict[str, float]:
        """Los campos y las razones derivadas, listos para JSON."""
        return asdict(self) | {name: getattr(self, name) for name in DERIVED}

    @property
    def load_sectors_per_request(self) -> float:
        """Sectores por petición al leer memoria global; 0.0 si no hubo lecturas."""
        return _ratio(self.global_load_sectors, self.global_load_requests)

    @property
    def store_sectors_per_request(self) -> float:
        """Sectores por petición al escribir memoria global; 0.0 si no hubo escrituras."""
        return _ratio(self.global_store_sectors, self.global_store_requests)

    @property
    def sectors_per_request(self) -> float:
        """Sectores por petición de memoria global, lecturas y escrituras juntas."""
        requests = self.global_load_requests + self.global_store_requests
        return _ratio(self.global_load_sectors + self.global_store_sectors, requests)

    @property
    def load_efficiency(self) -> float:
        """Bytes pedidos entre bytes movidos al leer; pasa de 1.0 si varios carriles repiten."""
        return _ratio(self.global_load_bytes, SECTOR_BYTES * self.global_load_sectors)

    @property
    def store_efficiency(self) -> float:
        """Bytes pedidos entre bytes movidos al escribir."""
        return _ratio(self.global_store_bytes, SECTOR_BYTES * self.global_store_sectors)

    @property
    def efficiency(self) -> float:
        """Bytes pedidos entre bytes movidos, lecturas y escrituras juntas."""
        moved = SECTOR_BYTES * (self.global_load_sectors + self.global_store_sectors)
        return _ratio(self.global_load_bytes + self.global_store_bytes, moved)

    @property
    def useful_share(self) -> float:
        """Parte de los bytes movidos que algún carril pidió, de 0.0 a 1.0, petición a petición."""
        return _ratio(self.global_load_distinct + self.global_store_distinct, self.moved_bytes)

    @property
    def moved_bytes(self) -> int:
        """Bytes que mueven las lecturas y escrituras globales: 32 por sector."""
        return SECTOR_BYTES * (self.global_load_sectors + self.global_store_sectors)

    @property
    def shared_load_conflicts(self) -> int:
        """Frentes de onda de más al leer memoria compartida."""
        return self.shared_load_wavefronts - self.shared_load_ideal

    @property
    def shared_store_conflicts(self) -> int:
        """Frentes de onda de más al escribir memoria compartida."""
        return self.shared_store_wavefronts - self.shared_store_ideal

    @property
    def bank_conflicts(self) -> int:
        """Frentes de onda de más en memoria compartida: los reales menos los ideales."""
        return self.shared_load_conflicts + self.shared_store_conflicts

    @property
    def n_way(self) -> float:
        """Frentes de onda por petición de memoria compartida: conflicto de *n* vías."""
        requests = self.shared_load_requests + self.shared_store_requests
        return _ratio(self.shared_load_wavefronts + self.shared_store_wavefronts, requests)

    @property
    def excess_sectors(self) -> int:
        """Sectores globales de más: los que se mueven menos los ideales; nunca negativo."""
        load = max(0, self.global_load_sectors - self.global_load_ideal)
        return load + max(0, self.global_store_sectors - self.global_store_ideal)

    @property
    def conflict_share(self) -> float:
        """Fracción de los frentes de onda que son conflictos; 0.0 si no hubo."""
        spent = self.shared_load_wavefronts + self.shared_store_wavefronts
        return _ratio(self.bank_conflicts, spent)

    @property
    def lanes_per_step(self) -> float:
        """Carriles activos por acceso o decisión de un warp, de 0 a 32; 0.0 si no hubo."""
        return _ratio(self.active_lanes, self.warp_steps)

    @property
    def lanes_per_instruction(self) -> float:
        """Carriles activos por instrucción ejecutada, de 0 a 32; 0.0 si no hubo."""
        return _ratio(self.thread_instructions, self.warp_instructions)

    @property
    def atomic_contention(self) -> float:
        """Carriles a la misma dirección por petición atómica, en promedio; 0.0 si no hubo."""
        return _ratio(self.atomic_passes, self.atomic_requests)

    @property
    def barriers_per_block(self) -> float:
        """Barreras que pasa cada bloque, en promedio; solo en el total."""
        return _ratio(self.barriers, self.blocks)

    @property
    def flop(self) -> int:
        """Sumas y productos de flotantes de todos los tipos; una FMA cuenta dos."""
        return self.flop_half + self.flop_single + self.flop_double

    @property
    def uniform_branches(self) -> float:
        """Fracción de decisiones de warp sin divergencia; 1.0 si no hubo ninguna."""
        return 1.0 - _ratio(self.divergent_branches, self.branches)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


COUNTED = tuple(f.name for f in fields(Tally) if f.name != "atomic_max_lanes")

DERIVED = tuple(name for name, member in vars(Tally).items() if isinstance(member, property))
