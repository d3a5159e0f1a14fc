"""Unidad 2: guardas, ciclos de zancada de malla, dos dimensiones."""

from __future__ import annotations

from urdimbre.exercises import u02_clinic
from urdimbre.exercises.inputs import warps
from urdimbre.exercises.spec import Exercise, Limit, Tolerance
from urdimbre.exercises.u02_cases import (
    clamp_cases,
    image_invert_cases,
    outer_product_cases,
    saxpy_cases,
    vector_add_cases,
)

UNIT = "u02_first_kernels"
PREAMBLE = "from numba import cuda"
ONE_ROUNDING = Tolerance(
    rtol=2.0**-23,
    why="una operación en float32 se equivoca en 2^-24 relativo; se admite el doble",
)
SERIAL = "Un ciclo en un solo hilo gasta una petición por elemento, con un carril activo de 32."
SECTORS = (
    "Un warp que lee 32 float32 vecinos toca 4 sectores de 32 B. "
    "Si cada hilo recorre su propio tramo, cada carril toca un sector distinto."
)
ONE_WRITER = Limit(
    "same_value_writers",
    "n = 521, bloques de 128",
    most=0,
    why="Con 5 bloques de 128 sobran 119 hilos. Un índice recortado, como min(i, n - 1), los manda "
    "a todos al último elemento: el resultado sale bien, pero es una carrera.",
)


VECTOR_ADD = Exercise(
    id="vector_add",
    unit=UNIT,
    title="Suma de vectores",
    statement="""\
Suma dos vectores elemento a elemento: `out[i] = a[i] + b[i]`.
Cada hilo calcula un elemento.

- `a`, `b`, `out`: vectores `float32` del mismo tamaño.
- La malla cubre todos los elementos y casi siempre le sobran hilos.
""",
    hints=(
        "¿Qué elemento le toca a este hilo, y qué pasa si ese elemento no existe?",
        "`cuda.grid(1)` da el índice del hilo en toda la malla. Compáralo con `out.size`.",
        "`i = cuda.grid(1)`, después `if i < out.size:` y dentro la suma.",
    ),
    symbol="vector_add",
    signature="def vector_add(a, b, out):",
    preamble=PREAMBLE,
    cases=vector_add_cases,
    tolerance=ONE_ROUNDING,
    limits=(
        Limit("global_load_requests", "medida", most=2 * warps(1024), why=SERIAL),
        Limit("global_store_requests", "medida", most=warps(1024), why=SERIAL),
        Limit("global_load_sectors", "medida", most=2 * 4 * warps(1024), why=SECTORS),
        ONE_WRITER,
    ),
    size="unas 3 líneas",
)


SAXPY = Exercise(
    id="saxpy_grid_stride",
    unit=UNIT,
    title="SAXPY con zancada de malla",
    statement="""\
Calcula `out[i] = alpha * x[i] + y[i]` con una malla de cualquier tamaño.
La malla puede tener menos hilos que elementos: cada hilo debe atender varios.
Usa un ciclo de zancada de malla.
El hilo empieza en su índice y avanza tantos elementos como hilos tiene toda la malla.

- `alpha`: número `float32`.
- `x`, `y`, `out`: vectores `float32` del mismo tamaño.
""",
    hints=(
        "Si hay 128 hilos y 1024 elementos, ¿cuáles le tocan al hilo 0 "
        "para que hilos vecinos lean siempre elementos vecinos?",
        "`cuda.gridsize(1)` da la cantidad de hilos de toda la malla: esa es la zancada.",
        "`for i in range(cuda.grid(1), out.size, cuda.gridsize(1)):` y dentro la cuenta.",
    ),
    symbol="saxpy_grid_stride",
    signature="def saxpy_grid_stride(alpha, x, y, out):",
    preamble=PREAMBLE,
    cases=saxpy_cases,
    tolerance=Tolerance(
        rtol=2.0**-23,
        atol=6e-6,
        why="el producto se redondea una vez: |alpha x| < 30, y 30 · 2^-24 = 1,8e-6; "
        "la suma aporta 40 · 2^-24 = 2,4e-6; se redondea hacia arriba a 6e-6",
    ),
    limits=(
        Limit("global_load_requests", "medida", most=2 * warps(1024), why=SERIAL),
        Limit("global_load_sectors", "medida", most=2 * 4 * warps(1024), why=SECTORS),
        Limit("global_store_sectors", "medida", most=4 * warps(1024), why=SECTORS),
    ),
    size="unas 2 líneas",
)


IMAGE_INVERT = Exercise(
    id="image_invert_2d",
    unit=UNIT,
    title="Negativo de una imagen",
    statement="""\
Calcula el negativo de una imagen en tonos de gris: `out[f, c] = 255 - img[f, c]`.
Cada hilo se ocupa de un píxel.

- `img`, `out`: arreglos `uint8` de forma `(filas, columnas)`, no siempre cuadrados.
- La malla y el bloque tienen dos dimensiones: `x` recorre las columnas e `y` las filas.
- La malla cubre la imagen, y le sobran hilos por la derecha y por abajo.
""",
    hints=(
        "¿Cuál de los dos números que da `cuda.grid(2)` es la columna?",
        "`cuda.grid(2)` da primero `x` y después `y`. "
        "El arreglo, en cambio, se indexa primero por fila.",
        "`c, f = cuda.grid(2)`, después `if f < img.shape[0] and c < img.shape[1]:` "
        "y dentro la resta.",
    ),
    symbol="image_invert_2d",
    signature="def image_invert_2d(img, out):",
    preamble=PREAMBLE,
    cases=image_invert_cases,
    limits=(
        Limit("global_load_requests", "medida", most=warps(1024), why=SERIAL),
        Limit(
            "global_load_sectors",
            "medida",
            most=warps(1024),
            why="Los 32 píxeles que lee un warp están en la misma fila: 32 B, un solo sector. "
            "Si los carriles recorren filas, cada uno toca un sector distinto.",
        ),
    ),
    size="unas 3 líneas",
)


CLAMP = Exercise(
    id="clamp_guard",
    unit=UNIT,
    title="Recortar a un intervalo, con guarda",
    statement="""\
Recorta cada elemento al intervalo `[lo, hi]`.
Lo que está por debajo se vuelve `lo`, lo que está por encima se vuelve `hi`.
Lo demás queda igual.
Un `NaN` de entrada debe salir como `NaN`.

- `x`, `out`: vectores `float32` del mismo tamaño.
- `lo`, `hi`: números `float32`, con `lo <= hi`.
- A la malla le pueden sobrar hilos, y hasta bloques enteros.
- Un hilo que sobra no toca nada.

Cuidado: en la GPU, `min` y `max` descartan el `NaN` y devuelven el otro número.
""",
    hints=(
        "¿Qué responde `v < lo` cuando `v` es `NaN`? ¿Y qué devuelve `max(v, lo)`?",
        "Toda comparación con `NaN` es falsa. "
        "Con dos `if` sobre el valor leído, el `NaN` pasa sin cambios.",
        "Dentro de la guarda: `v = x[i]`, luego `if v < lo: v = lo`, "
        "`elif v > hi: v = hi` y al final `out[i] = v`.",
    ),
    symbol="clamp_guard",
    signature="def clamp_guard(x, lo, hi, out):",
    preamble=PREAMBLE,
    cases=clamp_cases,
    limits=(
        Limit("global_load_requests", "medida", most=3 * warps(1024), why=SERIAL),
        Limit("global_store_requests", "medida", most=3 * warps(1024), why=SERIAL),
        ONE_WRITER,
    ),
    size="unas 8 líneas",
)


OUTER_PRODUCT = Exercise(
    id="outer_product",
    unit=UNIT,
    title="Producto exterior",
    statement="""\
Calcula la tabla de los productos de cada elemento de `a` por cada uno de `b`.
Es decir, `out[i, j] = a[i] * b[j]`.
Cada hilo se ocupa de una casilla de la tabla.

- `a`: vector `float32` de `m` elementos.
- `b`: vector `float32` de `n` elementos.
- `out`: matriz `float32` de forma `(m, n)`.
- La malla y el bloque tienen dos dimensiones: `x` recorre las columnas de `out` e `y` sus filas.
""",
    hints=(
        "¿Qué dimensión de la malla elige el elemento de `a`, y cuál el de `b`?",
        "La fila `i` viene de `y` y elige `a[i]`; la columna `j` viene de `x` y elige `b[j]`. "
        "Las dos necesitan guarda.",
        "`j, i = cuda.grid(2)`, después `if i < out.shape[0] and j < out.shape[1]:` "
        "y dentro el producto.",
    ),
    symbol="outer_product",
    signature="def outer_product(a, b, out):",
    preamble=PREAMBLE,
    cases=outer_product_cases,
    tolerance=ONE_ROUNDING,
    limits=(
        Limit("global_store_requests", "medida", most=warps(1024), why=SERIAL),
        Limit(
            "global_store_sectors",
            "medida",
            most=4 * warps(1024),
            why="Un warp que escribe 32 float32 de una misma fila toca 4 sectores. "
            "Si escribe una columna, toca 32.",
        ),
    ),
    size="unas 3 líneas",
)

EXERCISES = (VECTOR_ADD, SAXPY, IMAGE_INVERT, CLAMP, OUTER_PRODUCT, *u02_clinic.EXERCISES)
