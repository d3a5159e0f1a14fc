"""Los casos de la unidad 11: entradas, lanzamiento y resultado esperado."""

from __future__ import annotations

from math import sqrt

import numpy as np

from urdimbre.exercises.inputs import blocks_for, poison, wide
from urdimbre.exercises.spec import Case, Step
from urdimbre.reference.attention import (
    attention,
    attention_scores,
    attention_weights,
    grouped_attention,
)

HEAD = 16  # la dimensión de cada cabeza: una constante del kernel
TILE = 16  # lado de la tesela de puntajes
THREADS = 64  # hilos por fila en el softmax
ROWS, KEYS = 64, 32  # consultas por bloque y claves por tesela
GROUP_ROWS = 32  # consultas por bloque cuando el bloque atiende un grupo de cabezas

SCALE = np.float32(1 / sqrt(HEAD))  # 0,25: exacto


def _reals(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Números float32 no enteros en (-2, 2): puntajes de unas pocas unidades."""
    return rng.uniform(-2.0, 2.0, shape).astype(np.float32)


def _eighths(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Octavos en (-64, 64): puntajes de hasta ±1,6e4, y exactos en cualquier orden de suma.

    Cada producto es múltiplo de 1/64 y no pasa de 4096; la suma de 16 no pasa de 2^16, y
    2^16 · 64 = 2^22 cabe en los 24 bits de un float32.
    """
    return (rng.integers(-511, 512, shape) / 8).astype(np.float32)


def _ordinary(rng: np.random.Generator, rows: int, keys: int) -> tuple[np.ndarray, np.ndarray]:
    """Consultas y claves corrientes."""
    return _reals(rng, rows, HEAD), _reals(rng, keys, HEAD)


def _huge(rng: np.random.Generator, rows: int, keys: int) -> tuple[np.ndarray, np.ndarray]:
    """Consultas y claves con puntajes de miles, de los dos signos."""
    return _eighths(rng, rows, HEAD), _eighths(rng, keys, HEAD)


def _opposed(rng: np.random.Generator, rows: int, keys: int) -> tuple[np.ndarray, np.ndarray]:
    """Consultas y claves opuestas: todos los puntajes quedan en miles bajo cero."""
    q, k = _huge(rng, rows, keys)
    return np.abs(q), -np.abs(k)


def _grid_2d(columns: int, rows: int) -> tuple[int, int]:
    return (blocks_for(columns, TILE), blocks_for(rows, TILE))


def _scores_case(rng, rows: int, keys: int, name: str = "", scale: np.float32 = SCALE) -> Case:
    q, k = _reals(rng, rows, HEAD), _reals(rng, keys, HEAD)
    return Case(
        name=name or f"n_q = {rows}, n_k = {keys}",
        args=(q, k, scale, poison((rows, keys), np.float32)),
        grid=_grid_2d(keys, rows),
        block=(TILE, TILE),
        outputs=(3,),
        expected=(attention_scores(wide(q), wide(k)) * (float(scale) / float(SCALE)),),
    )


def scores_cases(rng: np.random.Generator) -> list[Case]:
    """Matrices de puntajes altas, anchas, de uno por uno y que no son múltiplos de la tesela."""
    plan = [
        (1, 1),
        (1, 33),
        (31, 17),
        (33, 65),
        (127, 5),
        (16, 32),
        (int(rng.integers(34, 60)), 47),
    ]
    other = _scores_case(rng, 18, 19, "otra escala", np.float32(SCALE / 2))
    return [_scores_case(rng, 64, 64, "medida"), *(_scores_case(rng, *p) for p in plan), other]


def _naive_case(rng, rows: int, keys: int, name: str = "", draw=_ordinary) -> Case:
    (q, k), v = draw(rng, rows, keys), _reals(rng, keys, HEAD)
    blank = [poison(shape, np.float32) for shape in ((rows, keys), (rows, keys), (rows, HEAD))]
    wq, wk, wv = wide(q), wide(k), wide(v)
    return Case(
        name=name or f"n_q = {rows}, n_k = {keys}",
        args=(q, k, v, SCALE, *blank),
        outputs=(4, 5, 6),
        expected=(
            attention_scores(wq, wk),
            attention_weights(wq, wk),
            attention(wq, wk, wv)[0],
        ),
        steps=(
            Step("attention_scores", (0, 1, 3, 4), _grid_2d(keys, rows), (TILE, TILE)),
            Step("softmax_rows", (4, 5), (rows,), (THREADS,)),
            Step("weighted_values", (5, 2, 6), (1, blocks_for(rows, TILE)), (HEAD, TILE)),
        ),
        names=("q", "k", "v", "scale", "s", "p", "out"),
    )


def naive_cases(rng: np.random.Generator) -> list[Case]:
    """Filas más cortas y más largas que el bloque, una sola clave, y puntajes enormes."""
    plan = [
        (1, 1),
        (3, 1),
        (1, 31),
        (31, 33),
        (17, 127),
        (33, 64),
        (5, int(rng.integers(129, 200))),
    ]
    drawn = [_naive_case(rng, *p) for p in plan]
    drawn += [_naive_case(rng, 19, 70, "puntajes enormes", _huge)]
    drawn += [_naive_case(rng, 7, 66, "puntajes enormes y negativos", _opposed)]
    return [_naive_case(rng, 96, 96, "medida"), *drawn]


def _flash_case(
    rng, rows: int, keys: int, name: str = "", *, causal=False, draw=_ordinary, scale=SCALE
) -> Case:
    (q, k), v = draw(rng, rows, keys), _reals(rng, keys, HEAD)
    scaled = wide(q) * (float(scale) / float(SCALE))
    return Case(
        name=name or f"n_q = {rows}, n_k = {keys}",
        args=(q, k, v, scale, poison((rows, HEAD), np.float32), poison(rows, np.float32)),
        grid=(blocks_for(rows, ROWS),),
        block=(ROWS,),
        outputs=(4, 5),
        expected=attention(scaled, wide(k), wide(v), causal=causal),
    )


def flash_cases(rng: np.random.Generator) -> list[Case]:
    """Una sola clave, teselas incompletas por los dos lados y puntajes enormes."""
    plan = [(1, 1), (1, 33), (31, 67), (65, 32), (129, 5), (33, 1)]
    plan += [(70, int(rng.integers(34, 60)))]
    drawn = [_flash_case(rng, *p) for p in plan]
    drawn += [_flash_case(rng, 40, 47, "puntajes enormes", draw=_huge)]
    drawn += [_flash_case(rng, 40, 33, "puntajes enormes y negativos", draw=_opposed)]
    drawn += [_flash_case(rng, 18, 35, "otra escala", scale=np.float32(SCALE / 2))]
    return [_flash_case(rng, 128, 128, "medida"), *drawn]


def causal_cases(rng: np.random.Generator) -> list[Case]:
    """Cuadradas, con más claves que consultas, y con filas que no ven ninguna clave."""
    plan = [(1, 1), (31, 31), (65, 65), (5, 70)]
    blind = [(40, 33), (130, 3)]
    n = int(rng.integers(66, 80))
    drawn = [_flash_case(rng, *p, causal=True) for p in [*plan, (n, n)]]
    drawn += [_flash_case(rng, *p, f"n_q = {p[0]}, n_k = {p[1]}: hay filas que no ven nada",
                          causal=True) for p in blind]  # fmt: skip
    drawn += [_flash_case(rng, 35, 35, "puntajes enormes", causal=True, draw=_huge)]
    return [_flash_case(rng, 128, 128, "medida", causal=True), *drawn]


def _group_case(rng, batch: int, shared: int, group: int, n: int, name: str = "") -> Case:
    heads = shared * group
    q = _reals(rng, batch, heads, n, HEAD)
    k, v = _reals(rng, batch, shared, n, HEAD), _reals(rng, batch, shared, n, HEAD)
    return Case(
        name=name or f"lotes: {batch}, cabezas: {heads}, de claves: {shared}, n = {n}",
        args=(q, k, v, SCALE, poison(q.shape, np.float32), poison(q.shape[:3], np.float32)),
        grid=(blocks_for(n, GROUP_ROWS), shared, batch),
        block=(GROUP_ROWS, group),
        outputs=(4, 5),
        expected=grouped_attention(wide(q), wide(k), wide(v)),
    )


def group_cases(rng: np.random.Generator) -> list[Case]:
    """Grupos de una cabeza, de varias y de todas; varios lotes y longitudes incómodas."""
    plan = [(1, 1, 1, 1), (1, 2, 1, 33), (2, 1, 4, 31), (1, 3, 2, 65), (1, 1, 8, 40)]
    plan += [(2, 2, 3, int(rng.integers(34, 60)))]
    return [_group_case(rng, 2, 2, 4, 96, "medida"), *(_group_case(rng, *p) for p in plan)]
