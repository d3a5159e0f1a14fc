"""Unidad 2: guardas, ciclos de zancada de malla, dos dimensiones."""

from __future__ import annotations

import numpy as np

from urdimbre.exercises.inputs import (
    blocks_for,
    poison,
    reals,
    sized,
    warps,
    wide,
    with_specials,
)
from urdimbre.exercises.spec import Case, Exercise, Limit, Tolerance
from urdimbre.reference import elementwise

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


def _vector_add_case(a: np.ndarray, b: np.ndarray, threads: int, name: str) -> Case:
    n = a.size
    return Case(
        name=name,
        args=(a, b, poison(n, np.float32)),
        grid=(blocks_for(n, threads),),
        block=(threads,),
        outputs=(2,),
        expected=(elementwise.vector_add(wide(a), wide(b)),),
    )


def vector_add_cases(rng: np.random.Generator) -> list[Case]:
    """Tamaños con y sin resto, NaN e infinitos, y uno de varios bloques para medir."""

    def build(n: int, threads: int, name: str = "") -> Case:
        title = name or f"n = {n}, bloques de {threads}"
        return _vector_add_case(reals(rng, n), reals(rng, n), threads, title)

    a, b = with_specials(reals(rng, 200)), reals(rng, 200)
    special = _vector_add_case(a, b, 64, "con NaN e infinitos")
    return [build(1024, 128, "medida"), *sized(build), special]


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
    ),
    size="unas 3 líneas",
)


def _saxpy_case(rng: np.random.Generator, n: int, blocks: int, threads: int, name: str) -> Case:
    alpha = np.float32(rng.uniform(1.1, 2.9))
    x, y = reals(rng, n), reals(rng, n)
    return Case(
        name=name,
        args=(alpha, x, y, poison(n, np.float32)),
        grid=(blocks,),
        block=(threads,),
        outputs=(3,),
        expected=(elementwise.saxpy(np.float64(alpha), wide(x), wide(y)),),
    )


def saxpy_cases(rng: np.random.Generator) -> list[Case]:
    """Mallas menores, iguales y mayores que los datos, de uno y de varios bloques."""
    plan = [(1, 1, 32), (31, 1, 32), (33, 1, 32), (129, 1, 32), (521, 3, 64), (257, 2, 96)]
    plan += [(100, 8, 64), (int(rng.integers(300, 600)), 4, 32)]
    drawn = [_saxpy_case(rng, n, b, t, f"n = {n}, {b} × {t} hilos") for n, b, t in plan]
    return [_saxpy_case(rng, 1024, 4, 32, "medida"), *drawn]


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


def _image_case(rng: np.random.Generator, shape: tuple[int, int], block, name: str = "") -> Case:
    img = rng.integers(0, 256, shape).astype(np.uint8)
    rows, cols = shape
    return Case(
        name=name or f"{rows} × {cols} píxeles, bloque {block[0]} × {block[1]}",
        args=(img, poison(shape, np.uint8)),
        grid=(blocks_for(cols, block[0]), blocks_for(rows, block[1])),
        block=block,
        outputs=(1,),
        expected=(elementwise.image_invert(img.copy()),),
    )


def image_invert_cases(rng: np.random.Generator) -> list[Case]:
    """Imágenes altas, anchas y de un píxel, con bloques que no las dividen."""
    plan = [((1, 1), (8, 8)), ((5, 33), (32, 4)), ((35, 17), (16, 16)), ((129, 3), (8, 8))]
    plan += [((9, 65), (32, 8)), ((int(rng.integers(10, 25)), 41), (16, 4))]
    drawn = [_image_case(rng, shape, block) for shape, block in plan]
    return [_image_case(rng, (32, 32), (32, 8), "medida"), *drawn]


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


def _clamp_case(rng, n: int, threads: int, extra: int = 0, name: str = "", special=False) -> Case:
    x = reals(rng, n)
    x = with_specials(x) if special else x
    lo, hi = np.float32(rng.uniform(-6, -2)), np.float32(rng.uniform(1, 7))
    return Case(
        name=name or f"n = {n}, bloques de {threads}",
        args=(x, lo, hi, poison(n, np.float32)),
        grid=(blocks_for(n, threads) + extra,),
        block=(threads,),
        outputs=(3,),
        expected=(elementwise.clamp(wide(x), np.float64(lo), np.float64(hi)),),
    )


def clamp_cases(rng: np.random.Generator) -> list[Case]:
    """Tamaños con resto, bloques de más, NaN e infinitos."""
    special = _clamp_case(rng, 150, 64, name="con NaN e infinitos", special=True)
    spare = _clamp_case(rng, 70, 32, extra=3, name="con bloques de más")
    build = [_clamp_case(rng, n, (128, 64)[k % 2]) for k, n in enumerate((1, 31, 33, 129, 521))]
    return [_clamp_case(rng, 1024, 128, name="medida"), *build, spare, special]


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
    ),
    size="unas 8 líneas",
)


def _outer_case(rng: np.random.Generator, m: int, n: int, block, name: str = "") -> Case:
    a, b = reals(rng, m), reals(rng, n)
    return Case(
        name=name or f"a de {m}, b de {n}, bloque {block[0]} × {block[1]}",
        args=(a, b, poison((m, n), np.float32)),
        grid=(blocks_for(n, block[0]), blocks_for(m, block[1])),
        block=block,
        outputs=(2,),
        expected=(elementwise.outer_product(wide(a), wide(b)),),
    )


def outer_product_cases(rng: np.random.Generator) -> list[Case]:
    """Formas altas, anchas y degeneradas."""
    plan = [(1, 1, (8, 8)), (3, 129, (32, 4)), (35, 17, (16, 16)), (33, 1, (8, 8))]
    plan += [(1, 127, (32, 2)), (int(rng.integers(10, 25)), 41, (16, 8))]
    drawn = [_outer_case(rng, m, n, block) for m, n, block in plan]
    return [_outer_case(rng, 32, 32, (32, 8), "medida"), *drawn]


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

EXERCISES = (VECTOR_ADD, SAXPY, IMAGE_INVERT, CLAMP, OUTER_PRODUCT)
