"""Unidad 8: multiplicación de matrices por teselas."""

from __future__ import annotations

from urdimbre.exercises.inputs import blocks_for, warps
from urdimbre.exercises.spec import Exercise, Limit, Tolerance
from urdimbre.exercises.u08_cases import (
    COLS,
    LARGEST_K,
    MEASURED,
    ROWS,
    STEP,
    TILE,
    WIDE_TILE,
    naive_cases,
    ragged_cases,
    tiled_cases,
    transposed_b_cases,
    uninitialized_cases,
)
from urdimbre.exercises.u08_statements import (
    NAIVE_HINTS,
    NAIVE_TEXT,
    RAGGED_HINTS,
    RAGGED_TEXT,
    TILED_HINTS,
    TILED_TEXT,
    TRANSPOSED_B_HINTS,
    TRANSPOSED_B_TEXT,
    UNINITIALIZED_HINTS,
    UNINITIALIZED_TEXT,
)

UNIT = "u08_matmul_tiled"
PREAMBLE = "import numpy as np\nfrom numba import cuda"
WITH_TILE = f"{PREAMBLE}\n\nTILE = {TILE}"

# K redondeos de sumas que no pasan de K: K² · 2^-24, que con K = 97 es 5,6e-4.
SUM_OF_PRODUCTS = Tolerance(
    rtol=2.0**-23,
    atol=1.001 * LARGEST_K**2 * 2.0**-24,
    why=f"una suma de K productos menores que 1, con K redondeos: K² · 2^-24, y K ≤ {LARGEST_K}",
)

# Con c son K + 1 sumandos y K + 1 redondeos; aquí K ≤ 96, así que la misma cota alcanza.
SUM_WITH_C = Tolerance(
    rtol=SUM_OF_PRODUCTS.rtol,
    atol=SUM_OF_PRODUCTS.atol,
    why="una suma de K productos y de c, todos menores que 1, con K + 1 redondeos: "
    f"(K + 1)² · 2^-24, y K + 1 ≤ {LARGEST_K}",
)

SHARED = Limit(
    "shared_load_requests",
    "medida",
    least=1,
    why="El ejercicio pide pasar por la memoria compartida: "
    "un kernel que solo usa memoria global no lee nada de ella.",
)
SINGLE = Limit(
    "double_operations",
    "medida",
    most=0,
    why="Un acumulador que empieza en «0.0» es float64, y arrastra la suma a float64: "
    "en una tarjeta de servidor cuesta al menos el doble, y en una corriente, mucho más.",
)

_M, _K, _N = MEASURED
_WARPS = warps(_M)
NAIVE = Exercise(
    id="matmul_naive",
    unit=UNIT,
    title="Un hilo por elemento",
    statement=NAIVE_TEXT,
    hints=NAIVE_HINTS,
    symbol="matmul_naive",
    signature="def matmul_naive(a, b, c):",
    preamble=PREAMBLE,
    cases=naive_cases,
    tolerance=SUM_OF_PRODUCTS,
    limits=(
        Limit(
            "global_load_sectors",
            "medida",
            most=_N * _K * (_M // 8 + _WARPS),
            why=f"Son 5 sectores por warp y por paso de k: {_N} · {_K} pasos, y en cada uno "
            f"{_M // 8} sectores de una matriz y {_WARPS} de la otra. "
            "Con el otro reparto, cada warp pide 33.",
        ),
        Limit(
            "global_store_requests",
            "medida",
            most=max(_N * _WARPS, _M * warps(_N)),
            why="Cada elemento de c se escribe una vez, al final: una petición por warp.",
        ),
        SINGLE,
    ),
    size="unas 7 líneas",
)


_TILE_SECTORS = _M * _N * _K // (4 * TILE)
FEW_SECTORS = Limit(
    "global_load_sectors",
    "medida",
    most=_TILE_SECTORS,
    why="Cada tesela de 16 × 16 son 32 sectores; cada bloque trae dos por paso: "
    f"M · N · K / (4 · 16) = {_TILE_SECTORS}. Sin teselas son ocho veces más.",
)
_C_SECTORS = _M * _N // 8
_STEPS = _M * _N * _K // TILE**3
TILED = Exercise(
    id="matmul_tiled",
    unit=UNIT,
    title="Por teselas, medidas exactas",
    statement=TILED_TEXT,
    hints=TILED_HINTS,
    symbol="matmul_tiled",
    signature="def matmul_tiled(a, b, c):",
    preamble=WITH_TILE,
    cases=tiled_cases,
    tolerance=SUM_WITH_C,
    limits=(
        SHARED,
        Limit(
            "global_load_sectors",
            "medida",
            most=_TILE_SECTORS + _C_SECTORS,
            why="Las dos teselas de cada paso son 64 sectores: entre todas, "
            f"M · N · K / (4 · 16) = {_TILE_SECTORS}; y c se lee una vez, {_C_SECTORS} más. "
            "Se pasa quien lee una matriz por columnas, o c en cada paso.",
        ),
        Limit(
            "barriers",
            "medida",
            most=3 * _STEPS,
            why=f"Hay {_STEPS} pasos entre todos los bloques y bastan dos barreras en cada uno; "
            "se admite una más. Una barrera por cada producto son dieciséis.",
        ),
        SINGLE,
    ),
    size="unas 15 líneas",
)


_A_SECTORS = _M * _K // 8 * blocks_for(_N, COLS)
_B_SECTORS = _K * _N // 8 * blocks_for(_M, ROWS)
RAGGED = Exercise(
    id="matmul_ragged",
    unit=UNIT,
    title="Por teselas, cualquier medida",
    statement=RAGGED_TEXT,
    hints=RAGGED_HINTS,
    symbol="matmul_ragged",
    signature="def matmul_ragged(a, b, c):",
    preamble=f"{PREAMBLE}\n\nROWS, COLS, STEP = {ROWS}, {COLS}, {STEP}",
    cases=ragged_cases,
    tolerance=SUM_OF_PRODUCTS,
    limits=(
        SHARED,
        Limit(
            "global_load_sectors",
            "medida",
            most=_A_SECTORS + _B_SECTORS,
            why=f"a se lee una vez por cada {COLS} columnas de c, {_A_SECTORS} sectores; "
            f"b, una vez por cada {ROWS} filas, {_B_SECTORS}. Sin teselas son mucho más.",
        ),
        SINGLE,
    ),
    size="unas 20 líneas",
)


_WIDE_SECTORS = 64 * 64 * 96 // (4 * WIDE_TILE)
TRANSPOSED_B = Exercise(
    id="matmul_transposed_b",
    unit=UNIT,
    title="Filas contra filas",
    statement=TRANSPOSED_B_TEXT,
    hints=TRANSPOSED_B_HINTS,
    symbol="matmul_transposed_b",
    signature="def matmul_transposed_b(a, b, c):",
    preamble=f"{PREAMBLE}\n\nTILE = {WIDE_TILE}\nPADDED = TILE + 1",
    cases=transposed_b_cases,
    tolerance=SUM_OF_PRODUCTS,
    limits=(
        SHARED,
        Limit(
            "global_load_sectors",
            "medida",
            most=_WIDE_SECTORS,
            why=f"Con a y b leídas por filas: M · N · K / (4 · 32) = {_WIDE_SECTORS}. "
            "Leer b por columnas cuesta 32 sectores por petición en lugar de 4.",
        ),
        Limit(
            "bank_conflicts",
            "medida",
            most=0,
            why="La suma baja por una columna de la tesela de b. "
            "Con filas de 32, la columna entera cae en un banco; con filas de 33, en 32 distintos.",
        ),
        SINGLE,
    ),
    size="unas 21 líneas",
)


DEBUG_UNINITIALIZED_TILE = Exercise(
    id="debug_uninitialized_tile",
    unit=UNIT,
    title="Clínica: cero por lo que sea",
    statement=UNINITIALIZED_TEXT,
    hints=UNINITIALIZED_HINTS,
    symbol="debug_uninitialized_tile",
    signature="def debug_uninitialized_tile(a, b, c):",
    preamble=WITH_TILE,
    cases=uninitialized_cases,
    tolerance=SUM_OF_PRODUCTS,
    limits=(SHARED, FEW_SECTORS, SINGLE),
    size="una línea más que el kernel roto",
)

EXERCISES = (NAIVE, TILED, DEBUG_UNINITIALIZED_TILE, RAGGED, TRANSPOSED_B)
