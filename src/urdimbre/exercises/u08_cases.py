"""Los casos de la unidad 8: matrices, lanzamiento y resultado esperado."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from urdimbre.exercises.inputs import blocks_for, poison, wide
from urdimbre.exercises.spec import Case
from urdimbre.reference.matmul import (
    matmul,
    matmul_transposed_a,
    matmul_transposed_b,
    matmul_transposed_both,
)

TILE, WIDE_TILE = 16, 32
ROWS, COLS, STEP = 16, 32, 32  # la tesela de c y el paso de k, en matmul_ragged
MEASURED = (64, 48, 80)
LARGEST_K = 97


def signed(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Números float32 de ambos signos en (-1, 1): así el error admitido depende solo de K."""
    return rng.uniform(-1.0, 1.0, shape).astype(np.float32)


def product_case(
    a: np.ndarray, b: np.ndarray, block: tuple[int, int], name: str, oracle: Callable = matmul
) -> Case:
    """Un caso de ``c = oracle(a, b)``; un hilo por elemento de ``c``."""
    expected = oracle(wide(a), wide(b))
    rows, columns = expected.shape
    return Case(
        name=name,
        args=(a, b, poison((rows, columns), np.float32)),
        grid=(blocks_for(columns, block[0]), blocks_for(rows, block[1])),
        block=block,
        outputs=(2,),
        expected=(expected,),
    )


def _drawn(
    rng: np.random.Generator,
    shapes: list[tuple[int, int, int]],
    block: tuple[int, int],
    oracle: Callable = matmul,
) -> list[Case]:
    """El primer caso se llama «medida»; los demás, por sus medidas. ``shapes`` da (M, K, N)."""
    turned_a = oracle in (matmul_transposed_a, matmul_transposed_both)
    turned_b = oracle in (matmul_transposed_b, matmul_transposed_both)
    cases = []
    for m, k, n in shapes:
        a = signed(rng, *((k, m) if turned_a else (m, k)))
        b = signed(rng, *((n, k) if turned_b else (k, n)))
        name = f"a de {a.shape[0]} × {a.shape[1]} y b de {b.shape[0]} × {b.shape[1]}"
        cases.append(product_case(a, b, block, name if cases else "medida", oracle))
    return cases


def _odd(rng: np.random.Generator) -> tuple[int, int, int]:
    """Medidas (M, K, N) sorteadas, distintas entre sí."""
    return int(rng.integers(34, 60)), int(rng.integers(66, LARGEST_K)), int(rng.integers(18, 31))


def naive_cases(rng: np.random.Generator) -> list[Case]:
    """Un elemento, vectores, K = 1 y medidas que no llenan los bloques.

    La malla alcanza para que ``x`` recorra las filas de ``c`` o sus columnas.
    """
    plan = [MEASURED, (1, 1, 1), (1, 33, 1), (31, 1, 17), (33, 17, 31), (17, 64, 33), _odd(rng)]
    drawn = _drawn(rng, plan, (32, 8), matmul_transposed_both)
    longest = (max(case.expected[0].shape) for case in drawn)
    grids = ((blocks_for(side, 32), blocks_for(side, 8)) for side in longest)
    return [replace(case, grid=grid) for case, grid in zip(drawn, grids, strict=True)]


def tiled_cases(rng: np.random.Generator) -> list[Case]:
    """Múltiplos de la tesela: una sola, varias en cada dirección y ninguna matriz cuadrada.

    El producto se suma a lo que ``c`` traía.
    """
    plan = [MEASURED, (16, 16, 16), (16, 64, 32), (48, 16, 16), (32, 96, 16), (16, 32, 80)]
    drawn = _drawn(rng, plan, (TILE, TILE), matmul_transposed_a)
    return [_added(case, signed(rng, *case.expected[0].shape)) for case in drawn]


def _added(case: Case, before: np.ndarray) -> Case:
    expected = (wide(before) + case.expected[0],)
    return replace(case, args=(*case.args[:2], before), expected=expected, accumulates=(2,))


def ragged_cases(rng: np.random.Generator) -> list[Case]:
    """Menos que una tesela, una de más, una de menos y K que no es múltiplo del paso."""
    plan = [MEASURED, (1, 1, 1), (17, 1, 31), (5, 7, 3), (31, 33, 17), (33, 17, 15), (1, 47, 32)]
    return _drawn(rng, [*plan, (16, 64, 32), _odd(rng)], (COLS, ROWS))


def transposed_b_cases(rng: np.random.Generator) -> list[Case]:
    """Filas contra filas; con K distinta de N, confundir los ejes se sale de la matriz."""
    plan = [(64, 96, 64), (1, 1, 1), (17, 1, 31), (31, 33, 65), (33, 17, 32), (32, 64, 33)]
    return _drawn(rng, [*plan, _odd(rng)], (WIDE_TILE, WIDE_TILE), matmul_transposed_b)


def _infinite_case(rng: np.random.Generator) -> Case:
    """Infinitos en la última tesela completa de ``b``: si sobreviven, dan NaN al anularlos."""
    a, b = signed(rng, 16, 20), signed(rng, 20, 16)
    b[9, ::3] = np.inf
    with np.errstate(invalid="ignore"):
        return product_case(a, b, (TILE, TILE), "16 × 20 por 20 × 16, con infinitos")


def uninitialized_cases(rng: np.random.Generator) -> list[Case]:
    """K menor que la tesela, K con resto, K exacta, e infinitos en los datos."""
    plan = [MEASURED, (16, 5, 16), (1, 1, 1), (17, 15, 33), (33, 33, 17), (31, 16, 32), _odd(rng)]
    return [*_drawn(rng, plan, (TILE, TILE)), _infinite_case(rng)]
