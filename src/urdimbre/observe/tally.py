"""Las cuentas de un perfil: qué se cuenta, cómo lo llama el *profiler* y qué no se modela."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import NamedTuple

SECTOR_BYTES = 32


class Metric(NamedTuple):
    """El nombre en Nsight Compute (vacío si no lo tiene), la etiqueta y lo que falta."""

    ncu: str
    label: str
    not_modelled: str


@dataclass
class Tally:
    """Cuentas exactas de una línea o de un lanzamiento entero.

    Las peticiones son instrucciones por warp con algún carril activo; ``*_bytes`` son los
    bytes pedidos por los carriles; los sectores son de 32 B.
    """

    global_load_requests: int = 0
    global_load_sectors: int = 0
    global_load_ideal: int = 0
    global_load_bytes: int = 0
    global_store_requests: int = 0
    global_store_sectors: int = 0
    global_store_ideal: int = 0
    global_store_bytes: int = 0
    shared_load_requests: int = 0
    shared_load_wavefronts: int = 0
    shared_load_ideal: int = 0
    shared_store_requests: int = 0
    shared_store_wavefronts: int = 0
    shared_store_ideal: int = 0
    atomic_requests: int = 0
    atomic_lanes: int = 0
    atomic_passes: int = 0
    atomic_max_lanes: int = 0
    barriers: int = 0
    branches: int = 0
    divergent_branches: int = 0
    warp_steps: int = 0
    active_lanes: int = 0
    flop_half: int = 0
    flop_single: int = 0
    flop_double: int = 0

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

_COMPILER = "El compilador puede quitar, repetir o juntar lecturas (por ejemplo, en LDS.128)."
_CACHE = "Ni aciertos de caché ni tráfico de L2 o DRAM."
_BANKS = (
    "La métrica suma lecturas y escrituras; y solo hay conflictos dentro de la instrucción, "
    "no esperas entre instrucciones."
)
_PREDICATES = "El compilador puede cambiar un salto por predicados."

_IDEAL = "Supone que los carriles activos piden datos seguidos, sin repetir ninguno."
_STEPS = "Solo accesos a memoria y decisiones, no la aritmética; y puede haber predicados."

_FLOP = "smsp__sass_thread_inst_executed_op_{0}add_pred_on.sum + {0}mul + 2 × {0}fma"
_FUSED = (
    "Solo sumas, restas, productos y FMA: ni divisiones ni funciones. El compilador puede quitar "
    "o repetir operaciones."
)

METRICS: dict[str, Metric] = {
    "global_load_requests": Metric(
        "l1tex__t_requests_pipe_lsu_mem_global_op_ld.sum", "lecturas globales", _COMPILER
    ),
    "global_load_sectors": Metric(
        "l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum", "sectores leídos", _CACHE
    ),
    "global_load_ideal": Metric(
        "memory_l2_theoretical_sectors_global_ideal", "sectores ideales al leer", _IDEAL
    ),
    "global_load_bytes": Metric(
        "smsp__sass_data_bytes_mem_global_op_ld.sum", "bytes pedidos al leer", _COMPILER
    ),
    "global_store_requests": Metric(
        "l1tex__t_requests_pipe_lsu_mem_global_op_st.sum", "escrituras globales", _COMPILER
    ),
    "global_store_sectors": Metric(
        "l1tex__t_sectors_pipe_lsu_mem_global_op_st.sum", "sectores escritos", _CACHE
    ),
    "global_store_ideal": Metric(
        "memory_l2_theoretical_sectors_global_ideal", "sectores ideales al escribir", _IDEAL
    ),
    "global_store_bytes": Metric(
        "smsp__sass_data_bytes_mem_global_op_st.sum", "bytes pedidos al escribir", _COMPILER
    ),
    "shared_load_requests": Metric(
        "smsp__sass_inst_executed_op_shared_ld.sum", "lecturas compartidas", _COMPILER
    ),
    "shared_load_wavefronts": Metric(
        "memory_l1_wavefronts_shared", "frentes de onda al leer", _BANKS
    ),
    "shared_load_ideal": Metric(
        "memory_l1_wavefronts_shared_ideal", "frentes ideales al leer", _BANKS
    ),
    "shared_store_requests": Metric(
        "smsp__sass_inst_executed_op_shared_st.sum", "escrituras compartidas", _COMPILER
    ),
    "shared_store_wavefronts": Metric(
        "memory_l1_wavefronts_shared", "frentes de onda al escribir", _BANKS
    ),
    "shared_store_ideal": Metric(
        "memory_l1_wavefronts_shared_ideal", "frentes ideales al escribir", _BANKS
    ),
    "atomic_requests": Metric(
        "", "operaciones atómicas por warp", "Sectores ni frentes de onda de las atómicas."
    ),
    "atomic_lanes": Metric(
        "", "carriles con operación atómica", "Se cuentan aunque el compilador los combine."
    ),
    "atomic_passes": Metric(
        "", "pasadas atómicas", "Supone una pasada por carril que repite dirección en el warp."
    ),
    "atomic_max_lanes": Metric(
        "", "mayor contención atómica", "Solo dentro de un warp; no entre warps ni bloques."
    ),
    "barriers": Metric("", "barreras por bloque", "El tiempo de espera en la barrera."),
    "branches": Metric("smsp__inst_executed_op_branch.sum", "decisiones por warp", _PREDICATES),
    "divergent_branches": Metric(
        "smsp__sass_branch_targets_threads_divergent.sum", "decisiones divergentes", _PREDICATES
    ),
    "warp_steps": Metric("", "accesos y decisiones por warp", _STEPS),
    "active_lanes": Metric("", "carriles activos en ellos", _STEPS),
    "flop_half": Metric(_FLOP.format("h"), "FLOP en float16", _FUSED),
    "flop_single": Metric(_FLOP.format("f"), "FLOP en float32", _FUSED),
    "flop_double": Metric(_FLOP.format("d"), "FLOP en float64", _FUSED),
}

NOT_MODELLED = (
    "El tiempo: aquí se cuentan instrucciones y transacciones, no nanosegundos.",
    "Las cachés y la DRAM: un sector pedido puede estar ya en L1 o en L2.",
    "Lo que reescribe el compilador: lecturas repetidas, desenrollado, accesos de 128 bits.",
    "La memoria local y la de constantes: no entran en estas cuentas.",
)
