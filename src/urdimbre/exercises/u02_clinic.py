"""Unidad 2, clínica: una guarda que mira el arreglo equivocado y un literal que ensancha."""

from __future__ import annotations

import numpy as np

from urdimbre.exercises.inputs import blocks_for, poison, reals, warps, wide
from urdimbre.exercises.spec import Case, Exercise, Limit, Tolerance
from urdimbre.reference import elementwise

UNIT = "u02_first_kernels"
SIZES = (1, 31, 32, 33, 127, 128, 129, 257)

OFF_BY_ONE_TEXT = """\
El kernel de abajo calcula cuánto cambia cada lectura respecto de la anterior.
Entran `n` lecturas y salen `n - 1` diferencias.
Los resultados son correctos, y sin embargo está mal: mira qué dice el informe.

```python
@cuda.jit
def debug_off_by_one(x, out):
    i = cuda.grid(1)
    if i < x.size:
        out[i] = x[i + 1] - x[i]
```

Cópialo en la celda, comprueba qué dice el informe y arréglalo.

- `x`: vector `float32` de `n` lecturas.
- `out`: vector `float32` de `n - 1` diferencias.
- La malla cubre las `n` lecturas y casi siempre le sobran hilos.
"""

OFF_BY_ONE_HINTS = (
    "El informe da la línea, el hilo y el índice. ¿Qué elemento pide ese hilo, y cuál es el "
    "último que existe?",
    "Con `n` lecturas hay `n - 1` diferencias: el hilo `n - 1` no tiene ninguna que calcular. "
    "¿Qué arreglo tiene tantas casillas como hilos con trabajo?",
    "La guarda debe mirar la salida: `if i < out.size:`.",
)


def _differences_case(rng: np.random.Generator, n: int, threads: int, name: str = "") -> Case:
    x = reals(rng, n + 1)
    return Case(
        name=name or f"diferencias: {n}, bloques de {threads}",
        args=(x, poison(n, np.float32)),
        grid=(blocks_for(n + 1, threads),),
        block=(threads,),
        outputs=(1,),
        expected=(elementwise.differences(wide(x)),),
    )


def off_by_one_cases(rng: np.random.Generator) -> list[Case]:
    """Bloques con hilos de más, y un tamaño en que las lecturas llenan la malla."""
    plan = [(n, (64, 32)[k % 2]) for k, n in enumerate(SIZES)]
    return [
        _differences_case(rng, 1024, 128, "medida"),
        *(_differences_case(rng, *p) for p in plan),
    ]


DEBUG_OFF_BY_ONE = Exercise(
    id="debug_off_by_one",
    unit=UNIT,
    title="Clínica: la guarda que se pasa por uno",
    statement=OFF_BY_ONE_TEXT,
    hints=OFF_BY_ONE_HINTS,
    symbol="debug_off_by_one",
    signature="def debug_off_by_one(x, out):",
    preamble="from numba import cuda",
    cases=off_by_one_cases,
    tolerance=Tolerance(rtol=2.0**-23, why="una resta en float32: 2^-24 relativo, y el doble"),
    limits=(
        Limit(
            "global_store_requests",
            "medida",
            most=warps(1024),
            why="Un hilo por diferencia: cada warp escribe las suyas en una petición. "
            "Un ciclo en un solo hilo gasta una por diferencia.",
        ),
    ),
    size="una sola cosa distinta del kernel roto",
)


LITERAL_TEXT = """\
El kernel de abajo calcula la altura de un proyectil en cada instante.
Parte a 2,5 m del suelo y sube a 14,7 m/s.
Los resultados son correctos, pero hace sus cuentas en `float64`.
En una tarjeta de uso general, eso puede costar más que todo lo demás.

```python
@cuda.jit
def debug_float64_literal(t, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = 2.5 + 14.7 * t[i] - 4.9 * t[i] ** 2.0
```

Cópialo en la celda, comprueba qué dice el informe y arréglalo.
Ninguna cuenta debe hacerse en `float64`.

- `t`: vector `float32` de instantes, en segundos; los hay negativos.
- `out`: vector `float32` del mismo tamaño, con las alturas en metros.
"""

LITERAL_HINTS = (
    "¿De qué tipo es `14.7` en Numba, y de qué tipo es entonces `14.7 * t[i]`?",
    "Un literal con punto es `float64` y contagia a toda la cuenta; un exponente `2.0` también. "
    "Cada constante debe nacer en 32 bits.",
    "`np.float32(14.7) * t[i]` se queda en 32 bits. Haz lo mismo con las otras dos constantes, "
    "y escribe el cuadrado como `t[i] * t[i]` o con el exponente entero `2`.",
)


def _height_case(rng: np.random.Generator, n: int, threads: int, name: str = "") -> Case:
    t = rng.uniform(-4.0, 4.0, n).astype(np.float32)
    return Case(
        name=name or f"n = {n}, bloques de {threads}",
        args=(t, poison(n, np.float32)),
        grid=(blocks_for(n, threads),),
        block=(threads,),
        outputs=(1,),
        expected=(elementwise.projectile_height(wide(t)),),
    )


def literal_cases(rng: np.random.Generator) -> list[Case]:
    """Instantes de ambos signos, con tamaños que dejan resto."""
    plan = [(n, (128, 64)[k % 2]) for k, n in enumerate(SIZES)]
    return [_height_case(rng, 1024, 128, "medida"), *(_height_case(rng, *p) for p in plan)]


DEBUG_FLOAT64_LITERAL = Exercise(
    id="debug_float64_literal",
    unit=UNIT,
    title="Clínica: el literal que ensancha la cuenta",
    statement=LITERAL_TEXT,
    hints=LITERAL_HINTS,
    symbol="debug_float64_literal",
    signature="def debug_float64_literal(t, out):",
    preamble="import numpy as np\nfrom numba import cuda",
    cases=literal_cases,
    tolerance=Tolerance(
        rtol=2.0**-22,
        atol=5e-5,
        why="con |t| < 4: 14,7 t < 59 y 4,9 t² < 79; constante, cuadrado y productos redondean "
        "2 · 59 + 3 · 79 = 355, y las dos sumas, 62 + 141: 558 · 2^-24 = 3,4e-5, hacia arriba",
    ),
    limits=(
        Limit(
            "double_operations",
            "medida",
            most=0,
            why="Los datos son float32 y el resultado también: con constantes float32, la del "
            "exponente incluida, no hace falta ninguna operación de 64 bits. "
            "El kernel dado hace cinco por elemento.",
        ),
        Limit(
            "global_load_requests",
            "medida",
            most=3 * warps(1024),
            why="Leer t hasta tres veces por hilo cuesta hasta tres peticiones por warp. "
            "Un ciclo en un solo hilo gasta una por elemento.",
        ),
    ),
    size="las mismas líneas que el kernel roto",
)

EXERCISES = (DEBUG_OFF_BY_ONE, DEBUG_FLOAT64_LITERAL)
