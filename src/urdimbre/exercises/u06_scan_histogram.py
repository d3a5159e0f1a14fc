"""Unidad 6, segunda parte: suma de prefijos, histograma y compactación."""

from __future__ import annotations

from urdimbre.exercises.inputs import warps
from urdimbre.exercises.spec import Exercise, Limit, Tolerance
from urdimbre.exercises.u06_scan_cases import (
    BINS,
    BLOCK,
    GRID_BLOCK,
    compaction_cases,
    histogram_cases,
    scan_block_cases,
    scan_grid_cases,
)
from urdimbre.exercises.u06_scan_statements import (
    COMPACTION_HINTS,
    COMPACTION_TEXT,
    HISTOGRAM_HINTS,
    HISTOGRAM_TEXT,
    SCAN_BLOCK_HINTS,
    SCAN_BLOCK_TEXT,
    SCAN_GRID_HINTS,
    SCAN_GRID_TEXT,
)

UNIT = "u06_parallel_patterns"
PREAMBLE = "import numpy as np\nfrom numba import cuda"
WITH_BLOCK = f"{PREAMBLE}\n\nBLOCK = {BLOCK}"
SHARED = Limit(
    "shared_load_requests",
    "medida",
    least=1,
    why="El ejercicio pide cooperar en la memoria compartida: "
    "un kernel que solo usa memoria global no lee nada de ella.",
)


SCAN_BLOCK = Exercise(
    id="scan_block",
    unit=UNIT,
    title="Lo que falta de cada segmento",
    statement=SCAN_BLOCK_TEXT,
    hints=SCAN_BLOCK_HINTS,
    symbol="scan_block",
    signature="def scan_block(x, out):",
    preamble=WITH_BLOCK,
    cases=scan_block_cases,
    tolerance=Tolerance(
        rtol=2.0**-23,
        atol=1.2e-3,
        why="hasta 14 niveles de sumas menores que 1280, los de un árbol que sube y baja, y una "
        "resta: 15 · 1280 · 2^-24 = 1,14e-3",
    ),
    limits=(
        SHARED,
        Limit(
            "shared_load_requests",
            "medida",
            most=8 * 124,
            why="Con 7 pasos bastan unas 57 lecturas de warp por bloque, y unas 119 con un árbol "
            "que sube y baja con hilos dispersos. Un solo hilo que recorre los 128 elementos "
            "hace 128 o más.",
        ),
        Limit(
            "global_load_requests",
            "medida",
            most=warps(1024),
            why="Cada elemento de x se lee una sola vez: una petición por warp.",
        ),
        Limit(
            "global_store_requests",
            "medida",
            most=warps(1024),
            why="Cada warp escribe sus 32 resultados en una petición.",
        ),
    ),
    size="unas 18 líneas",
)


_BLOCKS = 64 + 1  # los del primer nivel y el del segundo, con 4096 elementos
SCAN_GRID = Exercise(
    id="scan_grid",
    unit=UNIT,
    title="Suma de prefijos en toda la malla",
    statement=SCAN_GRID_TEXT,
    hints=SCAN_GRID_HINTS,
    symbol="scan_blocks",
    signature="def scan_blocks(x, out, sums):",
    more_signatures=("def add_offsets(out, offsets):",),
    preamble=f"{PREAMBLE}\n\nBLOCK = {GRID_BLOCK}",
    cases=scan_grid_cases,
    tolerance=Tolerance(
        rtol=2.0**-23,
        atol=0.11,
        why="tres niveles de 12 sumas y dos de compensación, menores que 43 000 (4300 elementos "
        "menores que 10): 38 · 43 000 · 2^-24 = 0,10",
    ),
    limits=(
        SHARED,
        Limit(
            "shared_load_requests",
            "medida",
            most=56 * _BLOCKS,
            why="Con 6 pasos bastan unas 26 lecturas de warp por bloque, y unas 48 con un árbol de "
            "hilos dispersos. Un solo hilo que recorre los 64 elementos hace 64 o más.",
        ),
        Limit(
            "global_load_requests",
            "medida",
            most=2 * _BLOCKS + 4 * 64,
            why="Cada warp lee una vez su parte de x, y en la segunda pasada una vez su parte de "
            "out y una compensación.",
        ),
        Limit(
            "global_store_requests",
            "medida",
            most=3 * _BLOCKS + 2 * 64,
            why="Por bloque, dos warps escriben out dos veces y un solo hilo escribe el total.",
        ),
    ),
    size="unas 25 líneas entre los dos",
)


HISTOGRAM = Exercise(
    id="histogram_shared",
    unit=UNIT,
    title="Histograma con copia propia de cada bloque",
    statement=HISTOGRAM_TEXT,
    hints=HISTOGRAM_HINTS,
    symbol="histogram_shared",
    signature="def histogram_shared(x, counts):",
    preamble=f"{PREAMBLE}\n\nBINS = {BINS}",
    cases=histogram_cases,
    limits=(
        SHARED,
        Limit(
            "atomic_requests",
            "medida",
            most=warps(4096) + 4 * warps(BINS),
            why="Cada warp cuenta sus 32 datos con una operación atómica compartida, y cada uno de "
            "los 4 bloques suma sus 64 casillas al final. "
            "Sumar al global en cada vuelta del ciclo repite esa suma 8 veces.",
        ),
        Limit(
            "global_load_requests",
            "medida",
            most=warps(4096),
            why="Cada elemento de x se lee una sola vez: una petición por warp.",
        ),
    ),
    size="unas 14 líneas",
)


COMPACTION = Exercise(
    id="stream_compaction",
    unit=UNIT,
    title="Compactar: quedarse con los positivos",
    statement=COMPACTION_TEXT,
    hints=COMPACTION_HINTS,
    symbol="stream_compaction",
    signature="def stream_compaction(x, out, counts):",
    preamble=WITH_BLOCK,
    cases=compaction_cases,
    any_order=True,
    limits=(
        SHARED,
        Limit(
            "global_load_requests",
            "medida",
            most=warps(4 * 512),
            why="Cada elemento de x se lee una sola vez, para decidir y para copiar: una petición "
            "por warp. Un solo hilo que recorre la fila hace 32 veces más.",
        ),
        Limit(
            "global_store_requests",
            "medida",
            most=warps(4 * 512) + 4,
            why="Los positivos de un warp van a lugares seguidos: una petición por warp, y un "
            "hilo por fila escribe la cuenta.",
        ),
    ),
    size="unas 25 líneas",
)

EXERCISES = (SCAN_BLOCK, SCAN_GRID, HISTOGRAM, COMPACTION)
