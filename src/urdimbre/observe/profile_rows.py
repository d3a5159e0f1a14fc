"""Las filas de un perfil, iguales para el texto y para el HTML."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from urdimbre.observe.counters import Counters
from urdimbre.observe.tally import METRICS, Tally
from urdimbre.sim.events import LaunchInfo

WORST = 32  # sectores o turnos por petición, si cada carril va por su lado
LANES = 32


class Column(NamedTuple):
    """Una columna de la tabla por línea.

    Attributes:
        title, meaning: título corto y explicación.
        cell: el valor como texto; vacío si no hay.
        heat: cuánto se aleja de lo ideal, de 0.0 a 1.0; el HTML lo colorea.
    """

    title: str
    meaning: str
    cell: Callable[[Tally], str]
    heat: Callable[[Tally], float] = lambda _: 0.0


def number(value: float) -> str:
    """Un entero tal cual; otro número, con un decimal y coma."""
    return str(value) if isinstance(value, int) else f"{value:.1f}".replace(".", ",")


def _if(amount: int, text: str) -> str:
    return text if amount else ""


def _global_requests(t: Tally) -> int:
    return t.global_load_requests + t.global_store_requests


def _global_sectors(t: Tally) -> int:
    return t.global_load_sectors + t.global_store_sectors


def _local_requests(t: Tally) -> int:
    return t.local_load_requests + t.local_store_requests


def _shared_requests(t: Tally) -> int:
    return t.shared_load_requests + t.shared_store_requests


COLUMNS = (
    Column(
        "pet. glob.",
        "peticiones a memoria global",
        lambda t: _if(_global_requests(t), str(_global_requests(t))),
    ),
    Column(
        "sectores",
        "sectores de 32 B",
        lambda t: _if(_global_requests(t), str(_global_sectors(t))),
    ),
    Column(
        "sect./pet.",
        "sectores por petición; lo ideal con 4 B por hilo es 4",
        lambda t: _if(_global_requests(t), number(t.sectors_per_request)),
        lambda t: t.sectors_per_request / WORST,
    ),
    Column(
        "pet. comp.",
        "peticiones a memoria compartida",
        lambda t: _if(_shared_requests(t), str(_shared_requests(t))),
    ),
    Column(
        "conflictos",
        "turnos de más por conflictos de bancos",
        lambda t: _if(_shared_requests(t), str(t.bank_conflicts)),
        lambda t: t.bank_conflicts / (WORST * max(1, _shared_requests(t))),
    ),
    Column(
        "atómicas",
        "operaciones atómicas por warp",
        lambda t: _if(t.atomic_requests, str(t.atomic_requests)),
    ),
    Column(
        "diverg.",
        "decisiones divergentes de las decisiones por warp",
        lambda t: _if(t.branches, f"{t.divergent_branches}/{t.branches}"),
    ),
    Column(
        "local",
        "peticiones a memoria local, si no cabe en registros",
        lambda t: _if(_local_requests(t), str(_local_requests(t))),
    ),
    Column("barreras", "barreras por bloque", lambda t: _if(t.barriers, str(t.barriers))),
    Column(
        "carriles",
        "carriles activos por instrucción ejecutada, de 32",
        lambda t: _if(t.warp_instructions, number(t.lanes_per_instruction)),
        lambda t: 1 - t.lanes_per_instruction / LANES,
    ),
    Column("FLOP", "sumas y productos de flotantes", lambda t: _if(t.flop, str(t.flop))),
)


def source_rows(launch: LaunchInfo, counters: Counters) -> list[tuple[str, Tally | None, str]]:
    """``(línea, cuentas o None, texto)`` de todo el kernel y de las líneas de fuera que cuentan.

    Las de fuera llevan el nombre de su función: «clamp:3».
    """
    inside = range(launch.first_line, launch.first_line + len(launch.source))
    by_line = {n: tally for n, tally in counters.by_line.items() if tally != Tally()}
    rows = [
        (str(n), by_line.get(n), text.rstrip())
        for n, text in zip(inside, launch.source, strict=True)
    ]
    outside = [n for n in counters.by_place if int(n) not in inside or n in counters.elsewhere]
    counted = [n for n in sorted(outside) if counters.by_place[n] != Tally()]
    return rows + [(_named(n), counters.by_place[n], launch.source_line(n)) for n in counted]


def _named(line: int) -> str:
    function = getattr(line, "function", "")
    return f"{function}:{int(line)}" if function else str(int(line))


def transactions(t: Tally) -> int:
    """Lo que cuesta mover los datos de una línea: sectores, turnos y pasadas atómicas."""
    return (
        _global_sectors(t)
        + t.shared_load_wavefronts
        + t.shared_store_wavefronts
        + max(t.atomic_passes, t.shared_atomic_wavefronts)
    )


def heat(tally: Tally | None, total: Tally) -> float:
    """Parte de las transacciones del lanzamiento que hace una línea, de 0.0 a 1.0.

    Si el kernel no mueve datos, parte de las instrucciones.
    """
    if tally is None:
        return 0.0
    amount = transactions if transactions(total) else (lambda t: t.warp_instructions)
    return amount(tally) / max(1, amount(total))


def used_columns(counters: Counters) -> list[int]:
    """Las columnas que tienen algo que decir en este lanzamiento."""
    total = counters.total
    return [i for i, column in enumerate(COLUMNS) if column.cell(total)]


def total_rows(total: Tally) -> list[tuple[str, str, str]]:
    """``(etiqueta, valor, métrica de ncu)`` de lo que no es cero, y las razones derivadas."""
    rows = [
        (metric.label, str(getattr(total, name)), metric.ncu)
        for name, metric in METRICS.items()
        if getattr(total, name) and name != "blocks"  # los dice el título
    ]
    return rows + [(label, text, ncu) for label, text, ncu in _ratios(total) if text]


def _ratios(t: Tally) -> tuple[tuple[str, str, str], ...]:
    ratio = "l1tex__average_t_sectors_per_request_pipe_lsu_mem_global_op_{}.ratio"
    percent = "smsp__sass_average_data_bytes_per_sector_mem_global_op_{}.pct"
    return (
        (
            "sectores por lectura",
            _if(t.global_load_requests, number(t.load_sectors_per_request)),
            ratio.format("ld"),
        ),
        (
            "sectores por escritura",
            _if(t.global_store_requests, number(t.store_sectors_per_request)),
            ratio.format("st"),
        ),
        (
            "eficiencia al leer",
            _if(t.global_load_requests, f"{number(100 * t.load_efficiency)} %"),
            percent.format("ld"),
        ),
        (
            "eficiencia al escribir",
            _if(t.global_store_requests, f"{number(100 * t.store_efficiency)} %"),
            percent.format("st"),
        ),
        (
            "bytes útiles de los movidos",
            _if(_global_requests(t), f"{number(100 * t.useful_share)} %"),
            "",
        ),
        (
            "conflictos de bancos",
            _if(_shared_requests(t), str(t.bank_conflicts)),
            "derived__memory_l1_wavefronts_shared_excessive",
        ),
        (
            "turnos por petición",
            _if(_shared_requests(t), number(t.n_way)),
            "derived__memory_l1_conflicts_shared_nway",
        ),
        (
            "carriles a la misma dirección por atómica",
            _if(t.atomic_requests, number(t.atomic_contention)),
            "",
        ),
        (
            "carriles activos por instrucción",
            _if(t.warp_instructions, number(t.lanes_per_instruction)),
            "smsp__thread_inst_executed_per_inst_executed.ratio",
        ),
        ("barreras por bloque", _if(t.barriers, number(t.barriers_per_block)), ""),
    )


def headline(launch: LaunchInfo) -> str:
    """Kernel y geometría en una línea."""
    blocks, threads = (n[0] * n[1] * n[2] for n in (launch.grid, launch.block))
    return (
        f"Perfil de «{launch.kernel}»: malla {_dims(launch.grid)}, bloque {_dims(launch.block)} "
        f"({blocks} {'bloque' if blocks == 1 else 'bloques'} de {threads} "
        f"{'hilo' if threads == 1 else 'hilos'})"
    )


def _dims(dims: tuple[int, int, int]) -> str:
    used = max((i + 1 for i, n in enumerate(dims) if n > 1), default=1)
    return " × ".join(str(n) for n in dims[:used])
