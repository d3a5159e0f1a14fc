"""Cómo llama el *profiler* a cada cuenta, cómo la llamamos aquí y qué no se modela."""

from __future__ import annotations

from typing import NamedTuple


class Metric(NamedTuple):
    """El nombre en Nsight Compute (vacío si no lo tiene), la etiqueta y lo que falta."""

    ncu: str
    label: str
    not_modelled: str


_COMPILER = "El compilador puede quitar, repetir o juntar lecturas (por ejemplo, en LDS.128)."
_CACHE = "Ni aciertos de caché ni tráfico de L2 o DRAM."
_BANKS = (
    "La métrica suma lecturas y escrituras; y solo hay conflictos dentro de la instrucción, "
    "no esperas entre instrucciones."
)
_PREDICATES = "El compilador puede cambiar un salto por predicados."

_IDEAL = "Supone que los carriles activos piden datos seguidos, sin repetir ninguno."
_STEPS = "Solo accesos a memoria y decisiones, no la aritmética; y puede haber predicados."

_SOURCE = (
    "Cuenta instrucciones del código (asignaciones, llamadas, decisiones), no las de la máquina: "
    "una suele ser varias, y puede haber predicados."
)
_DISTINCT = "Dentro de un warp; lo que comparten dos warps se cuenta dos veces."
_SERIAL = (
    "Hipótesis sin medir: una pasada por carril activo del banco más pedido. El compilador puede "
    "combinar carriles."
)
_REGISTERS = (
    "Vale si el arreglo no cabe en registros; con índices conocidos, el compilador suele dejarlo "
    "en ellos y no hay ninguna petición."
)

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
    "global_load_distinct": Metric("", "bytes distintos pedidos al leer", _DISTINCT),
    "global_store_distinct": Metric("", "bytes distintos pedidos al escribir", _DISTINCT),
    "shared_load_requests": Metric(
        "smsp__sass_inst_executed_op_shared_ld.sum", "lecturas compartidas", _COMPILER
    ),
    "shared_load_wavefronts": Metric("memory_l1_wavefronts_shared", "turnos al leer", _BANKS),
    "shared_load_ideal": Metric(
        "memory_l1_wavefronts_shared_ideal", "turnos ideales al leer", _BANKS
    ),
    "shared_store_requests": Metric(
        "smsp__sass_inst_executed_op_shared_st.sum", "escrituras compartidas", _COMPILER
    ),
    "shared_store_wavefronts": Metric("memory_l1_wavefronts_shared", "turnos al escribir", _BANKS),
    "shared_store_ideal": Metric(
        "memory_l1_wavefronts_shared_ideal", "turnos ideales al escribir", _BANKS
    ),
    "shared_atomic_requests": Metric(
        "smsp__sass_inst_executed_op_shared_atom.sum", "atómicas compartidas", _COMPILER
    ),
    "shared_atomic_wavefronts": Metric("", "turnos de las atómicas", _SERIAL),
    "local_load_requests": Metric(
        "l1tex__t_requests_pipe_lsu_mem_local_op_ld.sum", "lecturas locales", _REGISTERS
    ),
    "local_load_sectors": Metric(
        "l1tex__t_sectors_pipe_lsu_mem_local_op_ld.sum", "sectores locales leídos", _REGISTERS
    ),
    "local_store_requests": Metric(
        "l1tex__t_requests_pipe_lsu_mem_local_op_st.sum", "escrituras locales", _REGISTERS
    ),
    "local_store_sectors": Metric(
        "l1tex__t_sectors_pipe_lsu_mem_local_op_st.sum", "sectores locales escritos", _REGISTERS
    ),
    "atomic_requests": Metric(
        "", "operaciones atómicas por warp", "Los sectores de las atómicas globales."
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
    "barriers": Metric("", "barreras", "El tiempo de espera en la barrera."),
    "warp_syncs": Metric("", "reuniones de warp", "El tiempo de espera en la reunión."),
    "branches": Metric("smsp__inst_executed_op_branch.sum", "decisiones por warp", _PREDICATES),
    "divergent_branches": Metric(
        "smsp__sass_branch_targets_threads_divergent.sum", "decisiones divergentes", _PREDICATES
    ),
    "warp_steps": Metric("", "accesos y decisiones por warp", _STEPS),
    "active_lanes": Metric("", "carriles activos en ellos", _STEPS),
    "warp_instructions": Metric("smsp__inst_executed.sum", "instrucciones por warp", _SOURCE),
    "thread_instructions": Metric(
        "smsp__thread_inst_executed.sum", "carriles activos en ellas", _SOURCE
    ),
    "flop_half": Metric(_FLOP.format("h"), "FLOP en float16", _FUSED),
    "flop_single": Metric(_FLOP.format("f"), "FLOP en float32", _FUSED),
    "flop_double": Metric(_FLOP.format("d"), "FLOP en float64", _FUSED),
    "blocks": Metric("launch__grid_size", "bloques", "Cuántos corren a la vez."),
}

# Lo que se calcula con las cuentas: las propiedades de ``Tally``.
DERIVED_LABELS: dict[str, str] = {
    "load_sectors_per_request": "sectores por lectura",
    "store_sectors_per_request": "sectores por escritura",
    "sectors_per_request": "sectores por petición global",
    "load_efficiency": "eficiencia al leer",
    "store_efficiency": "eficiencia al escribir",
    "efficiency": "eficiencia de la memoria global",
    "useful_share": "parte útil de los bytes movidos",
    "moved_bytes": "bytes movidos",
    "excess_sectors": "sectores de más",
    "shared_load_conflicts": "conflictos de bancos al leer",
    "shared_store_conflicts": "conflictos de bancos al escribir",
    "bank_conflicts": "conflictos de bancos",
    "conflict_share": "parte de los turnos que son conflictos",
    "n_way": "turnos por petición",
    "lanes_per_step": "carriles activos por acceso o decisión",
    "lanes_per_instruction": "carriles activos por instrucción",
    "atomic_contention": "carriles a la misma dirección por atómica",
    "barriers_per_block": "barreras por bloque",
    "flop": "FLOP",
    "uniform_branches": "parte de las decisiones sin divergencia",
}

NOT_MODELLED = (
    "El tiempo: aquí se cuentan instrucciones y transacciones, no nanosegundos.",
    "Las cachés y la DRAM: un sector pedido puede estar ya en L1 o en L2.",
    "Lo que reescribe el compilador: lecturas repetidas, desenrollado, accesos de 128 bits.",
    "La memoria de constantes, y el desborde de registros a memoria local: no se cuentan.",
)
