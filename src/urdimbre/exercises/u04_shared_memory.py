"""Unidad 4: memoria compartida, barreras y una clínica de kernels rotos."""

from __future__ import annotations

from urdimbre.exercises import u04_clinic
from urdimbre.exercises.inputs import warps
from urdimbre.exercises.spec import Exercise, Limit, Tolerance
from urdimbre.exercises.u04_cases import (
    BLOCK,
    RADIUS,
    TILE,
    block_reverse_cases,
    divergent_barrier_cases,
    missing_barrier_cases,
    moving_average_cases,
    stencil_cases,
    transpose_cases,
)
from urdimbre.exercises.u04_statements import (
    BLOCK_REVERSE_HINTS,
    BLOCK_REVERSE_TEXT,
    DIVERGENT_BARRIER_HINTS,
    DIVERGENT_BARRIER_TEXT,
    MISSING_BARRIER_HINTS,
    MISSING_BARRIER_TEXT,
    MOVING_AVERAGE_HINTS,
    MOVING_AVERAGE_TEXT,
    STENCIL_HINTS,
    STENCIL_TEXT,
    TRANSPOSE_HINTS,
    TRANSPOSE_TEXT,
)

UNIT = "u04_shared_memory"
PREAMBLE = "import numpy as np\nfrom numba import cuda"
WITH_BLOCK = f"{PREAMBLE}\n\nBLOCK = {BLOCK}"
SHARED = Limit(
    "shared_load_requests",
    "medida",
    least=1,
    why="El ejercicio pide pasar por la memoria compartida: "
    "un kernel que solo usa memoria global no lee nada de ella.",
)


STENCIL = Exercise(
    id="stencil_1d",
    unit=UNIT,
    title="Estarcido de una dimensión",
    statement=STENCIL_TEXT,
    hints=STENCIL_HINTS,
    symbol="stencil_1d",
    signature="def stencil_1d(x, weights, out):",
    preamble=f"{WITH_BLOCK}\nRADIUS = {RADIUS}\nTILE = BLOCK + 2 * RADIUS",
    cases=stencil_cases,
    tolerance=Tolerance(
        rtol=2.0**-23,
        atol=2.5e-5,
        why="siete productos menores que 10 (70 · 2^-24) y sumas parciales menores que "
        "20, 30, ... 70 (270 · 2^-24): 340 · 2^-24 = 2,0e-5, redondeado hacia arriba",
    ),
    limits=(
        SHARED,
        Limit(
            "global_load_sectors",
            "medida",
            most=1000,
            why="En 2048 elementos hay 64 warps. Leer x una vez cuesta 256 sectores; el halo, "
            "32 más (hasta 96 si el tramo queda desalineado); los 7 pesos, 7 por warp: 448. "
            "Leer siete veces cada elemento de la memoria global pasa de 2500.",
        ),
    ),
    size="unas 20 líneas",
)


_TRANSPOSE_SECTORS = 4 * warps(96 * 64)
TRANSPOSE = Exercise(
    id="transpose_tiled",
    unit=UNIT,
    title="Transposición por teselas",
    statement=TRANSPOSE_TEXT,
    hints=TRANSPOSE_HINTS,
    symbol="transpose_tiled",
    signature="def transpose_tiled(a, out):",
    preamble=f"{PREAMBLE}\n\nTILE = {TILE}\nPADDED = TILE + 1",
    cases=transpose_cases,
    limits=(
        SHARED,
        Limit(
            "global_load_sectors",
            "medida",
            most=_TRANSPOSE_SECTORS,
            why="Cada warp debe leer 32 float32 de una misma fila: 4 sectores.",
        ),
        Limit(
            "global_store_sectors",
            "medida",
            most=_TRANSPOSE_SECTORS,
            why="Cada warp debe escribir 32 float32 de una misma fila de out: 4 sectores. "
            "La versión ingenua escribe una columna y toca 32.",
        ),
        Limit(
            "bank_conflicts",
            "medida",
            most=0,
            why="Con filas de 32 columnas, una columna entera cae en un solo banco. "
            "Con filas de 33, cada elemento de la columna cae en un banco distinto.",
        ),
    ),
    size="unas 12 líneas",
)


BLOCK_REVERSE = Exercise(
    id="block_reverse",
    unit=UNIT,
    title="Cada segmento, al revés",
    statement=BLOCK_REVERSE_TEXT,
    hints=BLOCK_REVERSE_HINTS,
    symbol="block_reverse",
    signature="def block_reverse(x, out):",
    preamble=WITH_BLOCK,
    cases=block_reverse_cases,
    limits=(
        SHARED,
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
            why="Cada warp escribe sus 32 elementos en una petición.",
        ),
    ),
    size="unas 9 líneas",
)


DEBUG_MISSING_BARRIER = Exercise(
    id="debug_missing_barrier",
    unit=UNIT,
    title="Clínica: la barrera que falta",
    statement=MISSING_BARRIER_TEXT,
    hints=MISSING_BARRIER_HINTS,
    symbol="debug_missing_barrier",
    signature="def debug_missing_barrier(x, out):",
    preamble=WITH_BLOCK,
    cases=missing_barrier_cases,
    tolerance=Tolerance(rtol=2.0**-23, why="una resta en float32: 2^-24 relativo, y el doble"),
    limits=(
        SHARED,
        Limit(
            "global_store_requests",
            "medida",
            most=8 * BLOCK // 32,
            why="Cada segmento se escribe una sola vez: 4 warps por segmento y 8 segmentos. "
            "Si los bloques repiten segmentos, el trabajo se multiplica.",
        ),
    ),
    size="una línea más que el kernel roto",
)


DEBUG_DIVERGENT_BARRIER = Exercise(
    id="debug_divergent_barrier",
    unit=UNIT,
    title="Clínica: la barrera que no todos alcanzan",
    statement=DIVERGENT_BARRIER_TEXT,
    hints=DIVERGENT_BARRIER_HINTS,
    symbol="debug_divergent_barrier",
    signature="def debug_divergent_barrier(x, out):",
    preamble=WITH_BLOCK,
    cases=divergent_barrier_cases,
    tolerance=Tolerance(
        rtol=2.0**-23,
        atol=6e-4,
        why="sumar 128 términos menores que 10 por mitades: 7 niveles de una suma menor que "
        "1280, 7 · 1280 · 2^-24 = 5,3e-4",
    ),
    limits=(
        SHARED,
        Limit(
            "shared_load_requests",
            "medida",
            most=8 * 64,
            why="Sumar por mitades cuesta, por bloque, unas 17 lecturas de warp, y 47 si los "
            "hilos que suman quedan dispersos. Un solo hilo que suma los 128 gasta 128.",
        ),
        Limit(
            "global_store_requests",
            "medida",
            most=1024 // BLOCK,
            why="Cada bloque da un solo número: basta con que lo escriba un hilo.",
        ),
    ),
    size="las mismas líneas que el kernel roto",
)


MOVING_AVERAGE = Exercise(
    id="moving_average_dynamic",
    unit=UNIT,
    title="Promedio móvil con memoria dinámica",
    statement=MOVING_AVERAGE_TEXT,
    hints=MOVING_AVERAGE_HINTS,
    symbol="moving_average_dynamic",
    signature="def moving_average_dynamic(x, radius, out):",
    preamble=PREAMBLE,
    cases=moving_average_cases,
    tolerance=Tolerance(
        rtol=2.0**-22,
        atol=4e-5,
        why="63 sumas parciales menores que 630, divididas por 63: "
        "630 · 2^-24 = 3,8e-5, más el redondeo del cociente",
    ),
    limits=(
        SHARED,
        Limit(
            "global_load_sectors",
            "medida",
            most=512,
            why="Leer una vez 2048 float32 cuesta 256 sectores; el halo de 16 bloques, "
            "de 32 a 112 más. Leer la ventana de 11 elementos de la memoria global pasa de 3000.",
        ),
        Limit(
            "static_shared_bytes",
            "medida",
            most=0,
            why="Un tamaño fijo solo sirve para los radios que quepan en él. "
            "El lanzamiento ya pide los bytes que hacen falta.",
        ),
    ),
    size="unas 18 líneas",
)

EXERCISES = (
    BLOCK_REVERSE,
    STENCIL,
    MOVING_AVERAGE,
    TRANSPOSE,
    DEBUG_MISSING_BARRIER,
    DEBUG_DIVERGENT_BARRIER,
    *u04_clinic.EXERCISES,
)
