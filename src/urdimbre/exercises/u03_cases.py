"""Los casos de la unidad 3: entradas, lanzamiento y resultado esperado."""

from __future__ import annotations

import numpy as np

from urdimbre.exercises.inputs import SIZES, blocks_for, poison, reals, wide
from urdimbre.exercises.spec import Case
from urdimbre.reference import global_memory

EACH, FIELDS, LANES = 4, 4, 32


def _copy_case(rng: np.random.Generator, n: int, threads: int, name: str = "") -> Case:
    x = reals(rng, n)
    return Case(
        name=name or f"n = {n}, bloques de {threads}",
        args=(x, poison(n, np.float32)),
        grid=(blocks_for(n, EACH * threads),),
        block=(threads,),
        outputs=(1,),
        expected=(global_memory.copy(wide(x)),),
    )


def copy_cases(rng: np.random.Generator) -> list[Case]:
    """Tramos completos e incompletos de cuatro elementos por hilo."""
    plan = [(n, (32, 64, 128)[k % 3]) for k, n in enumerate((*SIZES, 1021, 1031))]
    return [_copy_case(rng, 2048, 64, "medida"), *(_copy_case(rng, *one) for one in plan)]


def _soa_case(rng: np.random.Generator, n: int, threads: int, name: str = "") -> Case:
    p = reals(rng, n, FIELDS)
    return Case(
        name=name or f"partículas: {n}, bloques de {threads}",
        args=(p, poison((FIELDS, n), np.float32)),
        grid=(blocks_for(FIELDS * n, threads),),
        block=(threads,),
        outputs=(1,),
        expected=(global_memory.structure_of_arrays(wide(p)),),
    )


def soa_cases(rng: np.random.Generator) -> list[Case]:
    """Menos partículas que un warp, cantidades primas y un último bloque incompleto."""
    plan = [(n, (128, 64)[k % 2]) for k, n in enumerate((1, 7, 31, 32, 33, 127, 128, 129, 257))]
    return [_soa_case(rng, 1024, 128, "medida"), *(_soa_case(rng, *one) for one in plan)]


def _row_sums_case(rng: np.random.Generator, shape, threads: int, name: str = "") -> Case:
    a, rows = reals(rng, *shape), shape[0]
    return Case(
        name=name or f"{rows} × {shape[1]}, bloques de {threads}",
        args=(a, poison((rows, LANES), np.float32)),
        grid=(blocks_for(rows * LANES, threads),),
        block=(threads,),
        outputs=(1,),
        expected=(global_memory.row_partial_sums(wide(a), LANES),),
    )


def row_sums_cases(rng: np.random.Generator) -> list[Case]:
    """Filas más cortas que un warp, de un warp justo y con resto; una sola fila."""
    shapes = [(1, 1), (3, 31), (5, 32), (9, 33), (33, 65), (2, 127), (7, 128), (17, 129)]
    shapes += [(int(rng.integers(10, 30)), int(rng.integers(130, 200)))]
    drawn = [_row_sums_case(rng, s, (64, 128, 96)[k % 3]) for k, s in enumerate(shapes)]
    return [_row_sums_case(rng, (64, 256), 128, "medida"), *drawn]


def _stride_case(rng: np.random.Generator, shape, threads: int, name: str = "") -> Case:
    a, gain = reals(rng, *shape), reals(rng, shape[0])
    return Case(
        name=name or f"{shape[0]} × {shape[1]}, bloques de {threads}",
        args=(a, gain, poison(shape, np.float32)),
        grid=(shape[0],),
        block=(threads,),
        outputs=(2,),
        expected=(global_memory.scale_rows(wide(a), wide(gain)),),
    )


def wrong_stride_cases(rng: np.random.Generator) -> list[Case]:
    """Filas de menos, igual y más columnas que hilos, con resto y sin él."""
    plan = [((1, 1), 32), ((3, 31), 32), ((2, 32), 32), ((4, 33), 32), ((5, 128), 64)]
    plan += [((2, 257), 64), ((3, 521), 128), ((int(rng.integers(4, 9)), 130), 64)]
    return [_stride_case(rng, (8, 256), 64, "medida"), *(_stride_case(rng, *one) for one in plan)]
