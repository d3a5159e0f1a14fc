"""Unidad 1: hilos, bloques, malla e índices."""

from __future__ import annotations

import numpy as np

from urdimbre.exercises.inputs import blocks_for, poison, warps
from urdimbre.exercises.spec import Case, Exercise, Limit, Weights
from urdimbre.reference import execution_model

UNIT = "u01_execution_model"
PREAMBLE = "from numba import cuda"
SERIAL = (
    "La cota es una petición de memoria por warp. "
    "Un ciclo que lo hace todo en un solo hilo gasta una petición por elemento."
)


def _thread_ids_case(blocks: int, threads: int) -> Case:
    n = blocks * threads
    return Case(
        name=f"{blocks} × {threads} hilos",
        args=(poison(n, np.int32), poison(n, np.int32)),
        grid=(blocks,),
        block=(threads,),
        outputs=(0, 1),
        expected=(
            execution_model.block_ids(np.zeros(n, np.int32), threads),
            execution_model.thread_ids(np.zeros(n, np.int32), threads),
        ),
    )


def thread_ids_cases(rng: np.random.Generator) -> list[Case]:
    """Mallas exactas, con bloques que no llenan su último warp."""
    shapes = [(1, 1), (1, 32), (3, 33), (5, 31), (7, 127), (4, 128), (2, 257)]
    shapes.append((int(rng.integers(3, 12)), int(rng.integers(34, 250))))
    return [_thread_ids_case(blocks, threads) for blocks, threads in shapes]


THREAD_IDS = Exercise(
    id="thread_ids",
    unit=UNIT,
    title="¿Quién soy?",
    statement="""\
Cada hilo debe dejar escrito quién es.
El hilo anota el número de su bloque en `block_of` y su número dentro del bloque en `thread_of`.
Lo anota en su propia casilla: la casilla $i$ es la del hilo $i$ de toda la malla.
Se cuentan primero los hilos del bloque 0, después los del bloque 1, y así.

- `block_of`, `thread_of`: arreglos `int32` con tantas casillas como hilos tiene la malla.
- Malla y bloque tienen una sola dimensión.

Por ejemplo, con 2 bloques de 3 hilos `block_of` queda en `[0, 0, 0, 1, 1, 1]`.
En ese caso, `thread_of` queda en `[0, 1, 2, 0, 1, 2]`.
""",
    hints=(
        "¿Cuántos hilos hay antes del primer hilo de tu bloque?",
        "Cada bloque anterior tiene `cuda.blockDim.x` hilos, y tu número de bloque dice "
        "cuántos bloques anteriores hay.",
        "La casilla es `i = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x`. "
        "Falta guardar en ella los dos números.",
    ),
    symbol="thread_ids",
    signature="def thread_ids(block_of, thread_of):",
    preamble=PREAMBLE,
    cases=thread_ids_cases,
    limits=(Limit("global_store_requests", "4 × 128 hilos", most=2 * warps(512), why=SERIAL),),
    size="unas 3 líneas",
)


def _global_index_case(n: int, threads: int, extra: int = 0) -> Case:
    return Case(
        name=f"n = {n}, bloques de {threads}",
        args=(poison(n, np.int64),),
        grid=(blocks_for(n, threads) + extra,),
        block=(threads,),
        outputs=(0,),
        expected=(execution_model.global_index_1d(np.zeros(n, np.int64)),),
    )


def global_index_1d_cases(rng: np.random.Generator) -> list[Case]:
    """Tamaños que no son múltiplos del bloque; en uno sobran bloques enteros."""
    pairs = [(1, 32), (31, 32), (32, 32), (33, 32), (129, 128), (512, 128), (1009, 96)]
    drawn = _global_index_case(int(rng.integers(300, 900)), 64, extra=2)
    return [*(_global_index_case(n, threads) for n, threads in pairs), drawn]


GLOBAL_INDEX_1D = Exercise(
    id="global_index_1d",
    unit=UNIT,
    title="El índice global",
    statement="""\
Escribe en cada casilla de `out` su propio índice: `out[i] = i`.
Cada hilo se ocupa de una sola casilla.

- `out`: arreglo `int64` de `n` casillas.
- La malla tiene bloques suficientes para cubrir las `n` casillas.
- `n` no siempre es múltiplo del tamaño del bloque: sobran hilos.
- Un hilo que sobra no debe escribir nada.
""",
    hints=(
        "Si hay 33 casillas y bloques de 32 hilos, ¿cuántos hilos se lanzan y cuántos sobran?",
        "Calcula el índice del hilo en toda la malla y compáralo con `out.size` antes de escribir.",
        "Con `i = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x`, "
        "escribe solo dentro de `if i < out.size:`.",
    ),
    symbol="global_index_1d",
    signature="def global_index_1d(out):",
    preamble=PREAMBLE,
    cases=global_index_1d_cases,
    limits=(
        Limit("global_store_requests", "n = 512, bloques de 128", most=warps(512), why=SERIAL),
        Limit(
            "global_store_bytes",
            "n = 1009, bloques de 96",
            most=8 * 1009,
            why="Son 1009 casillas de 8 bytes y cada una se escribe una vez. "
            "Un hilo que sobra no debe escribir nada.",
        ),
    ),
    size="unas 3 líneas",
)


def _launch_expected(n: int, max_threads: int) -> tuple[int, int]:
    warps_needed = execution_model.ceil_div(n, 32)
    threads = 32 * min(max_threads // 32, warps_needed)
    return execution_model.launch_config(n, threads)


def _launch_case(n: int, max_threads: int) -> Case:
    return Case(
        name=f"n = {n}, máximo de {max_threads} hilos",
        args=(n, max_threads),
        expected=_launch_expected(n, max_threads),
    )


def launch_config_cases(rng: np.random.Generator) -> list[Case]:
    """Bordes de warp y de bloque, un máximo que no es múltiplo de 32 y un n enorme."""
    pairs = [(1, 256), (31, 1024), (32, 256), (33, 256), (256, 256), (257, 256), (512, 256)]
    pairs += [(1000, 100), (65, 64), (10**6 + 3, 1024), (2**53 + 1, 256), (96, 127)]
    pairs += [(int(rng.integers(1000, 10**6)), int(rng.integers(1, 32)) * 32 + 7)]
    return [_launch_case(n, max_threads) for n, max_threads in pairs]


LAUNCH_CONFIG = Exercise(
    id="launch_config",
    unit=UNIT,
    title="La configuración de lanzamiento",
    statement="""\
Escribe una función de Python, sin `cuda.jit`, que decida cómo lanzar un kernel.
El kernel tiene una dimensión y cada hilo se ocupa de un elemento.
La función devuelve la pareja de enteros `(blocks, threads)`.

- `n`: cantidad de elementos, al menos 1.
- `max_threads`: máximo de hilos por bloque, al menos 32.
- `threads` es múltiplo de 32, para no desperdiciar carriles del último *warp*.
- `threads` no pasa de `max_threads`, ni de `n` redondeado hacia arriba a un múltiplo de 32.
- Entre los valores que cumplen eso, `threads` es el mayor.
- `blocks` es el menor número de bloques que cubre los `n` elementos.

Por ejemplo, `launch_config(1000, 256)` da `(4, 256)`, y `launch_config(40, 256)` da `(1, 64)`.
El resultado debe ser exacto también con `n` mayor que $2^{53}$.
Ahí una división con `/`, que pasa por punto flotante, pierde cifras.
""",
    hints=(
        "¿Cómo se redondea hacia arriba una división usando solo enteros?",
        "`(n + 31) // 32` es la cantidad de warps que hacen falta, "
        "y `max_threads // 32` la cantidad que cabe en un bloque.",
        "`warps = min(max_threads // 32, (n + 31) // 32)`, luego `threads = 32 * warps` "
        "y los bloques son `(n + threads - 1) // threads`.",
    ),
    symbol="launch_config",
    signature="def launch_config(n, max_threads):",
    preamble="",
    cases=launch_config_cases,
    subject="function",
    size="unas 3 líneas",
    weights=Weights(right=1.0, clean=0.0, good=0.0),
)

EXERCISES = (THREAD_IDS, GLOBAL_INDEX_1D, LAUNCH_CONFIG)
