"""Unidad 6: reducciones, operaciones atómicas y el orden de las sumas."""

from __future__ import annotations

from urdimbre.exercises import u06_scan_histogram
from urdimbre.exercises.inputs import warps
from urdimbre.exercises.spec import Exercise, Limit, Tolerance
from urdimbre.exercises.u06_reduction_cases import (
    BLOCK,
    HITS,
    SEGMENT,
    SMALL,
    argmax_cases,
    float_order_cases,
    lost_update_cases,
    reduce_block_cases,
    reduce_grid_cases,
)
from urdimbre.exercises.u06_reduction_statements import (
    ARGMAX_HINTS,
    ARGMAX_TEXT,
    FLOAT_ORDER_HINTS,
    FLOAT_ORDER_TEXT,
    LOST_UPDATE_HINTS,
    LOST_UPDATE_TEXT,
    REDUCE_BLOCK_HINTS,
    REDUCE_BLOCK_TEXT,
    REDUCE_GRID_HINTS,
    REDUCE_GRID_TEXT,
)

UNIT = "u06_parallel_patterns"
PREAMBLE = "import numpy as np\nfrom numba import cuda"
WITH_SMALL = f"{PREAMBLE}\n\nBLOCK = {SMALL}"


DEBUG_LOST_UPDATE = Exercise(
    id="debug_lost_update",
    unit=UNIT,
    title="Clínica: las cuentas que se pierden",
    statement=LOST_UPDATE_TEXT,
    hints=LOST_UPDATE_HINTS,
    symbol="debug_lost_update",
    signature="def debug_lost_update(station, celsius, limit, count):",
    preamble="from numba import cuda",
    cases=lost_update_cases,
    limits=(
        Limit(
            "atomic_lanes",
            "medida",
            most=HITS,
            why=f"De las 2048 lecturas, {HITS} pasan del límite: solo esas tienen algo que sumar. "
            "Sumar cero por las demás también ocupa la memoria.",
        ),
        Limit(
            "global_load_requests",
            "medida",
            most=2 * warps(2048),
            why="Con un hilo por lectura, cada warp lee una vez celsius y, si hace falta, station. "
            "Si un hilo lee por todos, cada lectura gasta su propia petición.",
        ),
    ),
    size="una línea distinta",
)


ARGMAX_ATOMIC = Exercise(
    id="argmax_atomic",
    unit=UNIT,
    title="Dónde está el mayor de cada fila",
    statement=ARGMAX_TEXT,
    hints=ARGMAX_HINTS,
    symbol="argmax_atomic",
    signature="def argmax_atomic(x, out):",
    preamble=f"{WITH_SMALL}\nLOWEST = np.float32(-np.inf)",
    cases=argmax_cases,
    limits=(
        Limit(
            "atomic_lanes",
            "medida",
            most=8 * 2 * SMALL,
            why="Son 8 filas de 1000 columnas y 128 hilos por fila: dos atómicas por hilo son "
            "2048. Una por elemento son 8000, y todas sobre la misma casilla de su bloque.",
        ),
        Limit(
            "global_load_requests",
            "medida",
            most=8 * 4 * 32,
            why="Cada fila de 1000 columnas ocupa 32 peticiones, y se admiten cuatro lecturas de "
            "cada una. Un solo hilo por fila gasta una petición por elemento: 8000 o más.",
        ),
        Limit(
            "global_store_requests",
            "medida",
            most=8,
            why="Cada fila da un solo número: basta con que lo escriba un hilo.",
        ),
    ),
    size="unas 22 líneas",
)


REDUCE_BLOCK = Exercise(
    id="reduce_block",
    unit=UNIT,
    title="La suma de un bloque, con shuffles",
    statement=REDUCE_BLOCK_TEXT,
    hints=REDUCE_BLOCK_HINTS,
    symbol="reduce_block",
    signature="def reduce_block(x, out):",
    preamble=f"{PREAMBLE}\n\nBLOCK = {BLOCK}\nFULL = 0xFFFFFFFF",
    cases=reduce_block_cases,
    tolerance=Tolerance(
        rtol=2.0**-23,
        atol=5e-3,
        why="512 términos menores que 10, y ninguno pasa por más de 16 sumas: "
        "16 · 5120 · 2^-24 = 4,9e-3",
    ),
    limits=(
        Limit(
            "barriers",
            "medida",
            most=16 * 2,
            why="Sumar por mitades en memoria compartida pide 9 barreras por bloque. Con shuffles "
            "basta una, entre que los warps guardan su suma y que uno las junta; se admiten dos.",
        ),
        Limit(
            "atomic_lanes",
            "medida",
            most=0,
            why="Con una atómica de punto flotante, el orden de la suma, y con él los últimos "
            "bits, cambian de una ejecución a otra.",
        ),
        Limit(
            "global_load_requests",
            "medida",
            most=warps(16 * 2 * BLOCK),
            why="Cada elemento de x se lee una sola vez: una petición por cada 32.",
        ),
    ),
    size="unas 20 líneas",
)


REDUCE_GRID = Exercise(
    id="reduce_grid",
    unit=UNIT,
    title="Tres sumas en un recorrido",
    statement=REDUCE_GRID_TEXT,
    hints=REDUCE_GRID_HINTS,
    symbol="reduce_grid",
    signature="def reduce_grid(x, y, out):",
    preamble=WITH_SMALL,
    cases=reduce_grid_cases,
    tolerance=Tolerance(
        rtol=2.0**-23,
        atol=6e-3,
        why="2300 productos menores que 1 y un comienzo menor que 10, y ninguno pasa por más de "
        "40 operaciones: 40 · 2310 · 2^-24 = 5,5e-3",
    ),
    limits=(
        Limit(
            "atomic_lanes",
            "medida",
            most=3 * 8,
            why="Son 8 bloques, y a cada uno le basta una atómica por suma. Con una por hilo y "
            "por suma son 3072, y los 32 carriles de cada warp hacen fila en la misma dirección.",
        ),
        Limit(
            "global_load_requests",
            "medida",
            most=2 * warps(2048),
            why="Cada elemento de x y de y se lee una sola vez: una petición por cada 32.",
        ),
        Limit(
            "barriers",
            "medida",
            most=8 * 12,
            why="Un solo árbol lleva las tres sumas: 8 barreras por bloque, y se admiten 12. "
            "Tres árboles, uno detrás de otro, pasan de 20.",
        ),
        Limit(
            "double_operations",
            "medida",
            most=0,
            why="Un acumulador que empieza en «0.0» es float64, y arrastra la suma a float64.",
        ),
        Limit(
            "global_load_sectors",
            "medida",
            most=2 * 4 * warps(2048),
            why="Los 32 carriles de un warp leen elementos seguidos: 4 sectores por petición. "
            "Si cada hilo toma un tramo seguido, sus vecinos leen lejos y se mueve el doble.",
        ),
    ),
    size="unas 22 líneas",
)


DEBUG_FLOAT_ORDER = Exercise(
    id="debug_float_order",
    unit=UNIT,
    title="Clínica: la suma que no se repite",
    statement=FLOAT_ORDER_TEXT,
    hints=FLOAT_ORDER_HINTS,
    symbol="debug_float_order",
    signature="def debug_float_order(x, out):",
    preamble=f"{WITH_SMALL}\nSEGMENT = {SEGMENT}",
    cases=float_order_cases,
    tolerance=Tolerance(
        rtol=2.0**-23,
        atol=1e-2,
        why="1024 términos menores que 10, y ninguno pasa por más de 16 sumas: "
        "16 · 10240 · 2^-24 = 9,8e-3",
    ),
    limits=(
        Limit(
            "shared_load_requests",
            "medida",
            most=8 * 64,
            why="Sumar por mitades cuesta, por bloque, 17 lecturas de warp, y 47 si los hilos que "
            "suman quedan dispersos. Un solo hilo que suma los 128 gasta 128.",
        ),
        Limit(
            "global_load_requests",
            "medida",
            most=warps(8 * SEGMENT),
            why="Cada elemento de x se lee una sola vez: una petición por cada 32.",
        ),
        Limit(
            "global_store_requests",
            "medida",
            most=8,
            why="Cada bloque da un solo número: basta con que lo escriba un hilo.",
        ),
    ),
    same_bits=True,
    size="unas 18 líneas",
)


EXERCISES = (
    DEBUG_LOST_UPDATE,
    ARGMAX_ATOMIC,
    REDUCE_BLOCK,
    REDUCE_GRID,
    DEBUG_FLOAT_ORDER,
    *u06_scan_histogram.EXERCISES,
)
