"""Unidad 4, clínica: un halo con casillas que nadie escribió."""

from __future__ import annotations

import numpy as np

from urdimbre.exercises.inputs import blocks_for, poison, reals, wide
from urdimbre.exercises.spec import Case, Exercise, Limit, Tolerance
from urdimbre.reference import shared_memory

BLOCK = 128
WEIGHTS = np.ones(3, np.float64)

TEXT = """\
El kernel de abajo suma cada elemento con sus dos vecinos.
Los vecinos que caen fuera de `x` deben contar como cero.
A veces acierta y a veces da `nan` o un número sin sentido.
Hay casillas de la tesela que se leen sin que nadie las haya escrito.

```python
@cuda.jit
def debug_uninitialized_halo(x, out):
    tile = cuda.shared.array(TILE, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    if i < x.size:
        tile[t + 1] = x[i]
    if t == 0 and i > 0:
        tile[0] = x[i - 1]
    if t == BLOCK - 1 and i + 1 < x.size:
        tile[TILE - 1] = x[i + 1]
    cuda.syncthreads()
    if i < x.size:
        out[i] = tile[t] + tile[t + 1] + tile[t + 2]
```

Cópialo en la celda, comprueba qué dice el informe y arréglalo.

- `x`, `out`: vectores `float32` del mismo tamaño.
- Se lanza con bloques de `BLOCK` hilos; el último puede quedar incompleto.
- La tesela tiene los 128 elementos del bloque y uno más por cada lado: `TILE` casillas.
"""

HINTS = (
    "¿Qué guarda la memoria compartida antes de que alguien la escriba? "
    "¿Qué casilla lee el hilo 0 del primer bloque, y quién la escribió?",
    "Son tres guardas y cada una puede dejar sin valor su casilla: la izquierda del primer bloque, "
    "la derecha del último y, si ese bloque está incompleto, la que sigue al último elemento.",
    "Cada casilla se escribe siempre, con el dato o con cero: "
    "`tile[t + 1] = x[i] if i < x.size else np.float32(0)`, y lo mismo con las dos de los bordes.",
)


def _neighbours_case(rng: np.random.Generator, n: int, name: str = "") -> Case:
    x = reals(rng, n)
    return Case(
        name=name or f"n = {n}",
        args=(x, poison(n, np.float32)),
        grid=(blocks_for(n, BLOCK),),
        block=(BLOCK,),
        outputs=(1,),
        expected=(shared_memory.stencil_1d(wide(x), WEIGHTS),),
    )


def cases(rng: np.random.Generator) -> list[Case]:
    """Un elemento, bloques justos y un último bloque al que le faltan uno o muchos."""
    sizes = (1, 2, 31, 33, 127, 128, 129, 255, 256, int(rng.integers(300, 900)))
    return [_neighbours_case(rng, 1024, "medida"), *(_neighbours_case(rng, n) for n in sizes)]


DEBUG_UNINITIALIZED_HALO = Exercise(
    id="debug_uninitialized_halo",
    unit="u04_shared_memory",
    title="Clínica: el halo sin inicializar",
    statement=TEXT,
    hints=HINTS,
    symbol="debug_uninitialized_halo",
    signature="def debug_uninitialized_halo(x, out):",
    preamble=f"import numpy as np\nfrom numba import cuda\n\nBLOCK = {BLOCK}\nTILE = BLOCK + 2",
    cases=cases,
    tolerance=Tolerance(
        rtol=2.0**-23,
        atol=4e-6,
        why="dos sumas menores que 20 y 30: 50 · 2^-24 = 3,0e-6, redondeado hacia arriba",
    ),
    limits=(
        Limit(
            "shared_load_requests",
            "medida",
            least=1,
            why="El ejercicio pide pasar por la memoria compartida: "
            "un kernel que solo usa memoria global no lee nada de ella.",
        ),
        Limit(
            "global_load_sectors",
            "medida",
            most=176,
            why="Leer una vez 1024 float32 cuesta 128 sectores, y los vecinos de los 8 bloques, "
            "14 más, o hasta 46 si el tramo queda desalineado. "
            "Leer los tres de la memoria global pasa de 400.",
        ),
    ),
    size="las mismas líneas que el kernel roto",
)

EXERCISES = (DEBUG_UNINITIALIZED_HALO,)
