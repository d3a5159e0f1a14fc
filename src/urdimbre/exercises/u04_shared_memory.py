"""Unidad 4: memoria compartida, barreras y una clínica de kernels rotos."""

from __future__ import annotations

import numpy as np

from urdimbre.exercises.inputs import blocks_for, poison, reals, warps, wide
from urdimbre.exercises.spec import Case, Exercise, Limit, Tolerance
from urdimbre.exercises.u04_statements import (
    BLOCK_REVERSE_TEXT,
    DIVERGENT_BARRIER_TEXT,
    MISSING_BARRIER_TEXT,
    MOVING_AVERAGE_TEXT,
    STENCIL_TEXT,
    TRANSPOSE_TEXT,
)
from urdimbre.reference import shared_memory

UNIT = "u04_shared_memory"
BLOCK, RADIUS, TILE = 128, 3, 32
PREAMBLE = "import numpy as np\nfrom numba import cuda"
WITH_BLOCK = f"{PREAMBLE}\n\nBLOCK = {BLOCK}"
SHARED = Limit(
    "shared_load_requests",
    "medida",
    least=1,
    why="El ejercicio pide pasar por la memoria compartida: "
    "un kernel que solo usa memoria global no lee nada de ella.",
)


def _stencil_case(rng: np.random.Generator, n: int, name: str = "") -> Case:
    x = reals(rng, n)
    weights = rng.uniform(-1, 1, 2 * RADIUS + 1).astype(np.float32)
    return Case(
        name=name or f"n = {n}",
        args=(x, weights, poison(n, np.float32)),
        grid=(blocks_for(n, BLOCK),),
        block=(BLOCK,),
        outputs=(2,),
        expected=(shared_memory.stencil_1d(wide(x), wide(weights)),),
    )


def stencil_cases(rng: np.random.Generator) -> list[Case]:
    """Menos elementos que el halo, bordes de bloque y varios bloques con resto."""
    sizes = (1, 2, 31, 127, 128, 129, 131, 256, int(rng.integers(400, 1000)), 1009)
    return [_stencil_case(rng, 2048, "medida"), *(_stencil_case(rng, n) for n in sizes)]


STENCIL = Exercise(
    id="stencil_1d",
    unit=UNIT,
    title="Estarcido de una dimensión",
    statement=STENCIL_TEXT,
    hints=(
        "¿Cuántos elementos distintos de `x` necesita un bloque de 128 hilos, "
        "y cuántas veces los leería en total sin memoria compartida?",
        "La tesela guarda `TILE` elementos: los del bloque y 3 de halo por cada lado. "
        "Todos los hilos llegan a la barrera, también los que no tienen casilla en `out`.",
        "`tile[t + RADIUS]` guarda el elemento del hilo (cero si no existe). "
        "Los hilos con `t < RADIUS` guardan además `tile[t]` y `tile[t + BLOCK + RADIUS]`. "
        "Después `cuda.syncthreads()`, y la suma lee `tile[t + k]` con `weights[k]`.",
    ),
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


def _transpose_case(rng: np.random.Generator, rows: int, cols: int, name: str = "") -> Case:
    a = reals(rng, rows, cols)
    return Case(
        name=name or f"{rows} × {cols}",
        args=(a, poison((cols, rows), np.float32)),
        grid=(blocks_for(cols, TILE), blocks_for(rows, TILE)),
        block=(TILE, TILE),
        outputs=(1,),
        expected=(shared_memory.transpose(wide(a)),),
    )


def transpose_cases(rng: np.random.Generator) -> list[Case]:
    """Matrices altas, anchas, de una fila y que no son múltiplos de la tesela."""
    plan = [(1, 1), (31, 33), (1, 65), (67, 2), (32, 64), (int(rng.integers(34, 60)), 97)]
    return [_transpose_case(rng, 96, 64, "medida"), *(_transpose_case(rng, *s) for s in plan)]


_TRANSPOSE_SECTORS = 4 * warps(96 * 64)
TRANSPOSE = Exercise(
    id="transpose_tiled",
    unit=UNIT,
    title="Transposición por teselas",
    statement=TRANSPOSE_TEXT,
    hints=(
        "Si un warp lee una fila de `a` y la escribe como columna de `out`, "
        "¿cuántos sectores toca la escritura?",
        "La tesela se llena por filas y se vacía por columnas. "
        "Al escribir, el bloque cambia de lugar (`blockIdx.x` por `blockIdx.y`) "
        "pero los hilos vecinos siguen en columnas vecinas de `out`.",
        "Con la tesela de forma `(TILE, PADDED)`: `tile[ty, tx] = a[f, c]`, barrera, "
        "y luego `out[bx * TILE + ty, by * TILE + tx] = tile[tx, ty]`, "
        "cada acceso con su guarda. La columna de más evita los conflictos de bancos.",
    ),
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


def _reverse_case(rng: np.random.Generator, n: int, name: str = "") -> Case:
    x = reals(rng, n)
    return Case(
        name=name or f"n = {n}",
        args=(x, poison(n, np.float32)),
        grid=(blocks_for(n, BLOCK),),
        block=(BLOCK,),
        outputs=(1,),
        expected=(shared_memory.block_reverse(wide(x), BLOCK),),
    )


def block_reverse_cases(rng: np.random.Generator) -> list[Case]:
    """Un último segmento incompleto, también de un solo elemento."""
    sizes = (1, 31, 33, 127, 128, 129, 256, 383, int(rng.integers(400, 900)))
    return [_reverse_case(rng, 1024, "medida"), *(_reverse_case(rng, n) for n in sizes)]


BLOCK_REVERSE = Exercise(
    id="block_reverse",
    unit=UNIT,
    title="Cada segmento, al revés",
    statement=BLOCK_REVERSE_TEXT,
    hints=(
        "¿Qué hilo escribe en la memoria compartida el elemento que tú necesitas leer, "
        "y cómo sabes que ya lo escribió?",
        "El segmento del bloque empieza en `start = cuda.blockIdx.x * BLOCK` "
        "y tiene `m = min(BLOCK, x.size - start)` elementos. "
        "La barrera va fuera de todo `if`.",
        "Con guarda `t < m`: `tile[t] = x[start + t]`. Después `cuda.syncthreads()` sin guarda, "
        "y otra vez con guarda `out[start + t] = tile[m - 1 - t]`.",
    ),
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


def _mirror_case(rng: np.random.Generator, segments: int, blocks: int, name: str = "") -> Case:
    x = reals(rng, segments * BLOCK)
    return Case(
        name=name or f"segmentos: {segments}, bloques: {blocks}",
        args=(x, poison(x.size, np.float32)),
        grid=(blocks,),
        block=(BLOCK,),
        outputs=(1,),
        expected=(wide(x) - shared_memory.block_reverse(wide(x), BLOCK),),
    )


def missing_barrier_cases(rng: np.random.Generator) -> list[Case]:
    """Bloques que atienden uno, varios o ningún segmento."""
    plan = [(1, 1), (3, 1), (5, 2), (4, 4), (2, 3), (int(rng.integers(6, 10)), 2)]
    return [_mirror_case(rng, 8, 2, "medida"), *(_mirror_case(rng, *p) for p in plan)]


DEBUG_MISSING_BARRIER = Exercise(
    id="debug_missing_barrier",
    unit=UNIT,
    title="Clínica: la barrera que falta",
    statement=MISSING_BARRIER_TEXT,
    hints=(
        "Un hilo rápido termina su vuelta y empieza la siguiente. "
        "¿Qué casilla pisa, y quién podría no haberla leído todavía?",
        "La barrera que hay separa escribir de leer dentro de una vuelta. "
        "Nada separa leer en una vuelta de escribir en la siguiente.",
        "Falta un `cuda.syncthreads()` al final del cuerpo del ciclo, fuera de todo `if`.",
    ),
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


def _block_sums_case(rng: np.random.Generator, n: int, name: str = "") -> Case:
    x = reals(rng, n)
    blocks = blocks_for(n, BLOCK)
    return Case(
        name=name or f"n = {n}",
        args=(x, poison(blocks, np.float32)),
        grid=(blocks,),
        block=(BLOCK,),
        outputs=(1,),
        expected=(shared_memory.block_sums(wide(x), BLOCK),),
    )


def divergent_barrier_cases(rng: np.random.Generator) -> list[Case]:
    """Segmentos completos e incompletos."""
    sizes = (1, 31, 33, 127, 128, 129, 256, int(rng.integers(300, 900)))
    return [_block_sums_case(rng, 1024, "medida"), *(_block_sums_case(rng, n) for n in sizes)]


DEBUG_DIVERGENT_BARRIER = Exercise(
    id="debug_divergent_barrier",
    unit=UNIT,
    title="Clínica: la barrera que no todos alcanzan",
    statement=DIVERGENT_BARRIER_TEXT,
    hints=(
        "Con `step = 64`, ¿qué hilos llegan a la barrera de dentro del `if` y cuáles no?",
        "Una barrera espera a todos los hilos del bloque. "
        "Solo la suma depende de `t < step`; la espera no.",
        "Saca `cuda.syncthreads()` del `if`, con la misma sangría que el `if`, "
        "para que la ejecuten los 128 hilos en cada vuelta del `while`.",
    ),
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


def _average_case(rng, n: int, threads: int, radius: int, name: str = "") -> Case:
    x = reals(rng, n)
    return Case(
        name=name or f"n = {n}, radio {radius}, bloques de {threads}",
        args=(x, radius, poison(n, np.float32)),
        grid=(blocks_for(n, threads),),
        block=(threads,),
        shared_bytes=4 * (threads + 2 * radius),
        outputs=(2,),
        expected=(shared_memory.moving_average(wide(x), radius),),
    )


def moving_average_cases(rng: np.random.Generator) -> list[Case]:
    """Varios radios y tamaños de bloque; menos elementos que la ventana."""
    plan = [(1, 32, 3), (5, 64, 7), (33, 32, 0), (129, 64, 1), (128, 128, 20), (257, 96, 31)]
    plan += [(int(rng.integers(400, 900)), 64, int(rng.integers(2, 9))), (1009, 128, 4)]
    drawn = [_average_case(rng, *p) for p in plan]
    return [_average_case(rng, 2048, 128, 5, "medida"), *drawn]


MOVING_AVERAGE = Exercise(
    id="moving_average_dynamic",
    unit=UNIT,
    title="Promedio móvil con memoria dinámica",
    statement=MOVING_AVERAGE_TEXT,
    hints=(
        "¿Por qué aquí la tesela no puede tener un tamaño escrito en el kernel?",
        "`cuda.shared.array(0, np.float32)` usa los bytes pedidos al lanzar. "
        "Cargar la tesela con un ciclo que avanza de `cuda.blockDim.x` en `cuda.blockDim.x` "
        "resuelve el cuerpo y el halo de una vez.",
        "Para `j` desde `t` hasta `cuda.blockDim.x + 2 * radius`: "
        "`tile[j]` guarda `x[start + j - radius]`, o cero si no existe. Barrera. "
        "El hilo `t` suma `tile[t]` a `tile[t + 2 * radius]` y divide por "
        "`min(i + radius, n - 1) - max(i - radius, 0) + 1`.",
    ),
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
    ),
    size="unas 18 líneas",
)

EXERCISES = (
    STENCIL,
    TRANSPOSE,
    BLOCK_REVERSE,
    DEBUG_MISSING_BARRIER,
    DEBUG_DIVERGENT_BARRIER,
    MOVING_AVERAGE,
)
