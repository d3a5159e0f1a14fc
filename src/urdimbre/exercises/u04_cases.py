"""Los casos de la unidad 4: entradas, lanzamiento y resultado esperado."""

from __future__ import annotations

import numpy as np

from urdimbre.exercises.inputs import blocks_for, poison, reals, wide
from urdimbre.exercises.spec import Case
from urdimbre.reference import shared_memory

BLOCK, RADIUS, TILE = 128, 3, 32


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
