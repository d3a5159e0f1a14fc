"""Los casos de las reducciones de la unidad 6: entradas, lanzamiento y resultado esperado."""

from __future__ import annotations

import numpy as np

from urdimbre.exercises.inputs import blocks_for, poison, reals, wide
from urdimbre.exercises.spec import Case
from urdimbre.reference import reductions, shared_memory

BLOCK = 256  # hilos de reduce_block; cada bloque suma el doble de elementos
SMALL = 128  # hilos de los demás ejercicios
SEGMENT = 1024  # elementos que suma cada bloque de debug_float_order


def _segments(rng: np.random.Generator, n: int, threads: int, segment: int, name: str) -> Case:
    return _sums(reals(rng, n), threads, segment, name or f"n = {n}")


def _sums(x: np.ndarray, threads: int, segment: int, name: str) -> Case:
    blocks = blocks_for(x.size, segment)
    return Case(
        name=name,
        args=(x, poison(blocks, np.float32)),
        grid=(blocks,),
        block=(threads,),
        outputs=(1,),
        expected=(shared_memory.block_sums(wide(x), segment),),
    )


def reduce_block_cases(rng: np.random.Generator) -> list[Case]:
    """Segmentos completos, incompletos, de un solo elemento y a un lado y otro de la mitad."""
    sizes = (1, 31, 32, 33, 255, 256, 257, 511, 512, 513, int(rng.integers(900, 2000)), 1531)
    made = [_segments(rng, n, BLOCK, 2 * BLOCK, "") for n in sizes]
    return [_segments(rng, 16 * 2 * BLOCK, BLOCK, 2 * BLOCK, "medida"), *made]


def float_order_cases(rng: np.random.Generator) -> list[Case]:
    """Segmentos completos e incompletos; en los grandes, el orden se nota en el último bit."""
    sizes = (1, 33, 127, 129, 1023, 1024, 1025, int(rng.integers(2100, 3000)), 4099)
    made = [_segments(rng, n, SMALL, SEGMENT, "") for n in sizes]
    return [_segments(rng, 8 * SEGMENT, SMALL, SEGMENT, "medida"), *made, _cancelling(rng)]


def _cancelling(rng: np.random.Generator) -> Case:
    """Partes grandes que se anulan y dejan ver otras diminutas: en float64 también se redondea."""
    half = SMALL // 2
    large = reals(rng, 4, SEGMENT // SMALL, half // 2)
    tiny = reals(rng, 4, SEGMENT // SMALL, half) * np.float32(1e-10)
    threads = np.concatenate([large, -large, tiny], axis=2)[:, :, rng.permutation(SMALL)]
    return _sums(np.ascontiguousarray(threads).ravel(), SMALL, SEGMENT, "con cancelación")


def _dot_case(rng: np.random.Generator, n: int, blocks: int, name: str = "") -> Case:
    x, y, start = reals(rng, n) / np.float32(10), reals(rng, n) / np.float32(10), reals(rng, 3)
    pairs = ((x, y), (x, x), (y, y))
    sums = [
        reductions.dot_onto(wide(a), wide(b), wide(start[k : k + 1]))
        for k, (a, b) in enumerate(pairs)
    ]
    return Case(
        name=name or f"n = {n}, bloques: {blocks}",
        args=(x, y, start),
        grid=(blocks,),
        block=(SMALL,),
        outputs=(2,),
        expected=(np.concatenate(sums),),
        accumulates=(2,),
    )


def reduce_grid_cases(rng: np.random.Generator) -> list[Case]:
    """Mallas que no alcanzan para todos los elementos, justas y con hilos de más."""
    plan = [(1, 1), (31, 1), (33, 3), (128, 1), (129, 2), (1000, 2), (257, 9), (2003, 5)]
    plan += [(int(rng.integers(1200, 2300)), int(rng.integers(2, 8)))]
    return [_dot_case(rng, 2048, 8, "medida"), *(_dot_case(rng, *p) for p in plan)]


def _argmax_case(x: np.ndarray, name: str) -> Case:
    return Case(
        name=name,
        args=(x, poison(len(x), np.int32)),
        grid=(len(x),),
        block=(SMALL,),
        outputs=(1,),
        expected=(reductions.argmax_rows(x),),
    )


def _with_ties(rng: np.random.Generator, rows: int, cols: int) -> np.ndarray:
    """Pocos valores distintos, ninguno entero: el mayor se repite en muchas columnas."""
    return (rng.integers(-3, 4, (rows, cols)) * 1.25 + 0.1).astype(np.float32)


def _with_gaps(rng: np.random.Generator, rows: int, cols: int) -> np.ndarray:
    """Filas con NaN, con infinitos y con nada más que NaN o que menos infinito."""
    x = -np.abs(reals(rng, rows, cols))
    x[rng.random((rows, cols)) < 0.3] = np.nan
    x[0], x[1], x[2, -1] = np.nan, -np.inf, np.inf
    x[1, : cols // 2] = np.nan
    return x


def _on_the_edges(rng: np.random.Generator, cols: int) -> np.ndarray:
    """Una fila por lugar incómodo: el mayor está al borde de lo que recorre un bloque."""
    places = [0, SMALL - 1, SMALL, SMALL + 1, 2 * SMALL - 1, 2 * SMALL, cols - 1]
    x = reals(rng, len(places), cols)
    x[np.arange(len(places)), places] = 10.5
    return x


def argmax_cases(rng: np.random.Generator) -> list[Case]:
    """Filas cortas y largas, negativas, con empates y con NaN."""
    shapes = [(1, 1), (3, 31), (2, 128), (5, 129), (4, 1009)]
    made = [_argmax_case(reals(rng, *s), f"{s[0]} × {s[1]}") for s in shapes]
    low = np.stack([-np.abs(reals(rng, 300)) - 1, -np.abs(reals(rng, 300)) - 9])
    return [
        _argmax_case(reals(rng, 8, 1000), "medida"),
        *made,
        _argmax_case(low, "solo negativos"),
        _argmax_case(_on_the_edges(rng, 385), "el mayor en un borde"),
        _argmax_case(_with_ties(rng, 4, 523), "con empates"),
        _argmax_case(_with_gaps(rng, 8, 777), "con NaN e infinitos"),
    ]


HITS = 512  # lecturas calientes del caso medido


def _tally_case(rng, station: np.ndarray, celsius: np.ndarray, m: int, name: str) -> Case:
    limit = np.float32(2.5)
    celsius[:: max(1, celsius.size // 3)] = limit  # quien iguala el límite no lo pasa
    start = rng.integers(1, 50, m).astype(np.int32)
    return Case(
        name=name,
        args=(station.astype(np.int32), celsius, limit, start),
        grid=(blocks_for(celsius.size, SMALL),),
        block=(SMALL,),
        outputs=(3,),
        expected=(reductions.tally_above(station, celsius, float(limit), start),),
        accumulates=(3,),
    )


def lost_update_cases(rng: np.random.Generator) -> list[Case]:
    """Estaciones que no se repiten, que se repiten en un warp, y en bloques distintos."""
    cases = [_tally_case(rng, np.arange(100), reals(rng, 100), 100, "una lectura por estación")]
    plan = [(500, 7), (1, 1), (31, 2), (129, 1), (int(rng.integers(900, 1500)), 40)]
    for n, m in plan:
        station, celsius = rng.integers(0, m, n), reals(rng, n)
        cases.append(_tally_case(rng, station, celsius, m, f"n = {n}, estaciones: {m}"))
    celsius = -np.abs(reals(rng, 2048))
    hot = 4 * np.arange(HITS) + 1
    celsius[hot] = 3 + np.abs(celsius[hot])
    return [*cases, _tally_case(rng, rng.integers(0, 12, 2048), celsius, 12, "medida")]
