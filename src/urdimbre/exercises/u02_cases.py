"""Los casos de la unidad 2: entradas, lanzamiento y resultado esperado."""

from __future__ import annotations

import numpy as np

from urdimbre.exercises.inputs import blocks_for, poison, reals, sized, wide, with_specials
from urdimbre.exercises.spec import Case
from urdimbre.reference import elementwise


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
