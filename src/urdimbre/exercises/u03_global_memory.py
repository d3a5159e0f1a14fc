"""Unidad 3: sectores, zancadas y estructuras de datos que se leen de corrido."""

from __future__ import annotations

from urdimbre.exercises.inputs import warps
from urdimbre.exercises.spec import Exercise, Limit, Tolerance
from urdimbre.exercises.u03_cases import (
    copy_cases,
    row_sums_cases,
    soa_cases,
    wrong_stride_cases,
)
from urdimbre.exercises.u03_statements import (
    COPY_HINTS,
    COPY_TEXT,
    ROW_SUMS_HINTS,
    ROW_SUMS_TEXT,
    SOA_HINTS,
    SOA_TEXT,
    WRONG_STRIDE_HINTS,
    WRONG_STRIDE_TEXT,
)

UNIT = "u03_global_memory"
PREAMBLE = "from numba import cuda"
FOUR = "Un warp que toca 32 float32 seguidos y alineados mueve 4 sectores de 32 B. "


def _exact(counter: str, count: int, why: str) -> Limit:
    return Limit(counter, "medida", most=count, why=FOUR + why)


_CHUNKS = (
    "Si cada hilo copia cuatro seguidos, sus vecinos quedan a 16 B y cada acceso toca 16 sectores."
)
COPY = Exercise(
    id="copy_coalesced",
    unit=UNIT,
    title="Copiar cuatro por hilo",
    statement=COPY_TEXT,
    hints=COPY_HINTS,
    symbol="copy_coalesced",
    signature="def copy_coalesced(x, out):",
    preamble=PREAMBLE,
    cases=copy_cases,
    limits=(
        _exact("global_load_sectors", 4 * warps(2048), _CHUNKS),
        _exact("global_store_sectors", 4 * warps(2048), _CHUNKS),
        Limit(
            "global_load_requests",
            "medida",
            most=warps(2048),
            why="Cada elemento se lee una vez: una petición cada 32 elementos. "
            "Si los bloques repiten tramos, o trabaja un solo hilo, son más.",
        ),
    ),
    size="unas 5 líneas",
)


SOA = Exercise(
    id="soa_particles",
    unit=UNIT,
    title="De arreglo de estructuras a estructura de arreglos",
    statement=SOA_TEXT,
    hints=SOA_HINTS,
    symbol="soa_particles",
    signature="def soa_particles(p, s):",
    preamble=PREAMBLE,
    cases=soa_cases,
    limits=(
        _exact(
            "global_load_sectors",
            4 * warps(4 * 1024),
            "Con un hilo por partícula, o con los hilos en el orden de s, los carriles leen "
            "cada 16 B: 16 sectores.",
        ),
        _exact(
            "global_store_sectors",
            4 * warps(4 * 1024),
            "Ocho partículas seguidas llenan un sector en cada una de las cuatro filas de s.",
        ),
        Limit(
            "global_load_requests",
            "medida",
            most=warps(4 * 1024),
            why="Cada número se lee una vez: una petición cada 32 números. "
            "Un hilo solo gasta una por número.",
        ),
    ),
    size="unas 5 líneas",
)


ROW_SUMS = Exercise(
    id="row_sums_coalesced",
    unit=UNIT,
    title="Sumas parciales de las filas",
    statement=ROW_SUMS_TEXT,
    hints=ROW_SUMS_HINTS,
    symbol="row_sums_coalesced",
    signature="def row_sums_coalesced(a, partial):",
    preamble=f"import numpy as np\n{PREAMBLE}",
    cases=row_sums_cases,
    tolerance=Tolerance(
        rtol=2.0**-23,
        atol=2.5e-5,
        why="a lo sumo ocho términos menores que 10: sumas parciales menores que 20, 30, ... 80, "
        "350 · 2^-24 = 2,1e-5, redondeado hacia arriba",
    ),
    limits=(
        _exact(
            "global_load_sectors",
            4 * warps(64 * 256),
            "Si los hilos vecinos están en filas distintas, cada carril toca su propio sector: 32.",
        ),
        _exact(
            "global_store_sectors",
            4 * warps(64 * 32),
            "Las 32 sumas de una fila están seguidas: el warp que las calcula las escribe juntas.",
        ),
        Limit(
            "global_load_requests",
            "medida",
            most=warps(64 * 256),
            why="Cada número se lee una vez: una petición cada 32 números.",
        ),
    ),
    size="unas 8 líneas",
)


DEBUG_WRONG_STRIDE = Exercise(
    id="debug_wrong_stride",
    unit=UNIT,
    title="Clínica: la zancada equivocada",
    statement=WRONG_STRIDE_TEXT,
    hints=WRONG_STRIDE_HINTS,
    symbol="debug_wrong_stride",
    signature="def debug_wrong_stride(a, gain, out):",
    preamble=PREAMBLE,
    cases=wrong_stride_cases,
    tolerance=Tolerance(rtol=2.0**-23, why="un producto en float32: 2^-24 relativo, y el doble"),
    limits=(
        _exact(
            "global_store_sectors",
            4 * warps(8 * 256),
            "Con tramos seguidos de cuatro columnas por hilo, cada acceso toca 16.",
        ),
        Limit(
            "global_load_sectors",
            "medida",
            most=4 * warps(8 * 256) + warps(8 * 256),
            why="La matriz cuesta 4 sectores por warp, y el factor de la fila, uno. "
            "Con tramos seguidos de cuatro columnas por hilo, la matriz cuesta 16.",
        ),
        Limit(
            "global_store_requests",
            "medida",
            most=warps(8 * 256),
            why="Cada elemento se escribe una vez: una petición cada 32 columnas.",
        ),
    ),
    size="unas 5 líneas",
)

EXERCISES = (ROW_SUMS, SOA, COPY, DEBUG_WRONG_STRIDE)
