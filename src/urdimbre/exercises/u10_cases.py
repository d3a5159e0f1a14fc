"""Los casos de la unidad 10: filas que rompen las versiones inestables, y sus resultados."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from urdimbre.exercises.inputs import poison, reals, wide
from urdimbre.exercises.spec import Case
from urdimbre.reference import softmax_norms

BLOCK = 128
ROWS, COLUMNS = 16, 512  # el caso medido: filas alineadas, un múltiplo exacto del bloque
EPS = np.float32(1e-5)
SHAPES = ((1, 1), (3, 31), (2, 32), (4, 33), (2, 127), (1, 128), (3, 129), (2, 257), (2, 521))
MASKED = np.float32(-np.inf)
OFFSET = np.float32(4000)  # una media grande: aquí se cancela lo que cabe en float32


def _spread(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Filas muy positivas, muy negativas, crecientes, mezcladas y de un valor repetido."""
    x = reals(rng, rows, columns)
    kinds = (
        lambda v: v + np.float32(1e4),
        lambda v: v - np.float32(1e4),
        lambda v: np.sort(v * np.float32(5)),
        lambda v: np.where(v > 0, np.float32(1e4), np.float32(-1e4)) + v,
        lambda v: np.full_like(v, np.float32(-731.5)),
    )
    return np.stack([kinds[r % len(kinds)](row) for r, row in enumerate(x)]).astype(np.float32)


def _masked(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Entradas en menos infinito; la fila 0 entera, y la 1 salvo su última entrada."""
    x = _spread(rng, rows, columns)
    x[rng.random((rows, columns)) < 0.6] = MASKED
    x[0], x[1] = MASKED, MASKED
    x[1, -1] = np.float32(-2e3)
    return x


def _rows_case(name: str, x: np.ndarray, extra: tuple, expected: np.ndarray, keeps: bool) -> Case:
    """Un bloque por fila; con ``keeps``, el lanzamiento pide sitio para guardar la fila."""
    return Case(
        name=name,
        args=(x, *extra, poison(expected.shape, np.float32)),
        grid=(len(x),),
        block=(BLOCK,),
        shared_bytes=4 * x.shape[1] if keeps else 0,
        outputs=(1 + len(extra),),
        expected=(expected,),
    )


def _named(shape: tuple[int, int]) -> str:
    return f"{shape[0]} fila{'s' * (shape[0] > 1)} de {shape[1]}"


def _padded_case(x: np.ndarray, lengths: np.ndarray, name: str) -> Case:
    inside = np.arange(x.shape[1], dtype=np.int32)[None, :] < lengths[:, None]
    expected = softmax_norms.softmax_rows(np.where(inside, wide(x), -np.inf))
    filled = np.where(inside, x, np.float32(np.nan))
    return _rows_case(name, filled, (lengths.astype(np.int32),), expected, keeps=False)


def softmax_stable_cases(rng: np.random.Generator) -> list[Case]:
    """Logits normales y enormes, relleno de NaN, filas vacías y con entradas enmascaradas."""
    full = np.full(ROWS, COLUMNS, np.int32)
    cases = [_padded_case(reals(rng, ROWS, COLUMNS), full, "medida")]
    for shape in SHAPES:
        lengths = rng.integers(1, shape[1] + 1, shape[0])
        lengths[0] = shape[1]
        cases.append(_padded_case(_spread(rng, *shape), lengths, _named(shape)))
    short = np.asarray([0, 1, 31, 129, 300], np.int32)
    cases.append(_padded_case(_spread(rng, 5, 300), short, "filas vacías y cortas"))
    lone = reals(rng, 8, 140)
    lone[np.arange(8), rng.permutation(BLOCK)[:8]] = np.float32(9000)
    cases.append(_padded_case(lone, np.full(8, 140, np.int32), "un solo logit enorme por fila"))
    ends = np.asarray([150, 150, 33, 150], np.int32)
    return [*cases, _padded_case(_masked(rng, 4, 150), ends, "con entradas en menos infinito")]


def _softmax_case(x: np.ndarray, name: str) -> Case:
    return _rows_case(name, x, (), softmax_norms.softmax_rows(wide(x)), keeps=False)


def softmax_online_cases(rng: np.random.Generator) -> list[Case]:
    """Logits enormes, máximos que llegan al principio y al final, y entradas enmascaradas."""
    cases = [_softmax_case(reals(rng, ROWS, COLUMNS), "medida")]
    cases += [_softmax_case(_spread(rng, *shape), _named(shape)) for shape in SHAPES]
    rising = np.sort(reals(rng, 2, 1031) * np.float32(8), axis=1)
    rising[1] = rising[1, ::-1]
    cases.append(_softmax_case(rising, "una fila que sube y otra que baja"))
    return [*cases, _softmax_case(_masked(rng, 5, 300), "con entradas en menos infinito")]


def _layernorm_case(rng: np.random.Generator, x: np.ndarray, name: str) -> Case:
    gain, bias = rng.uniform(-1.5, 1.5, (2, x.shape[1])).astype(np.float32)
    expected = softmax_norms.layernorm(wide(x), wide(gain), wide(bias), float(EPS))
    return _rows_case(name, x, (gain, bias, EPS), expected, keeps=True)


def layernorm_cases(rng: np.random.Generator) -> list[Case]:
    """Filas de media grande, de un solo valor, constantes y de medidas incómodas."""
    cases = [_layernorm_case(rng, reals(rng, ROWS, COLUMNS), "medida")]
    cases += [_layernorm_case(rng, reals(rng, *shape), _named(shape)) for shape in SHAPES]
    far = reals(rng, 4, 509) + OFFSET
    far[1::2] -= 2 * OFFSET
    flat = np.full((2, 96), 3.25, np.float32)
    tiny = reals(rng, 3, 140) * np.float32(1e-3)
    return [
        *cases,
        _layernorm_case(rng, far, "media de 4000 y de -4000"),
        _layernorm_case(rng, flat, "filas constantes"),
        _layernorm_case(rng, tiny, "valores minúsculos"),
    ]


def _rmsnorm_case(rng: np.random.Generator, x: np.ndarray, name: str) -> Case:
    gain = rng.uniform(-1.5, 1.5, x.shape[1]).astype(np.float32)
    expected = softmax_norms.rmsnorm(wide(x), wide(gain), float(EPS))
    return _rows_case(name, x, (gain, EPS), expected, keeps=True)


def rmsnorm_cases(rng: np.random.Generator) -> list[Case]:
    """Filas de media grande, minúsculas, de ceros y de medidas incómodas."""
    cases = [_rmsnorm_case(rng, reals(rng, ROWS, COLUMNS), "medida")]
    cases += [_rmsnorm_case(rng, reals(rng, *shape), _named(shape)) for shape in SHAPES]
    mixed = reals(rng, 4, 261)
    mixed[0] += np.float32(1e3)
    mixed[1] *= np.float32(1e-4)
    mixed[2] = np.float32(0)
    return [*cases, _rmsnorm_case(rng, mixed, "media grande, valores minúsculos y ceros")]


def _gelu_case(x: np.ndarray, bias: np.ndarray, name: str) -> Case:
    expected = softmax_norms.bias_gelu(wide(x), wide(bias))
    return _rows_case(name, x, (bias,), expected, keeps=False)


def bias_gelu_cases(rng: np.random.Generator) -> list[Case]:
    """Los dos lados de la curva, sus colas y la zona donde las dos fórmulas se separan."""
    build: Callable = lambda rows, columns, scale: (  # noqa: E731
        reals(rng, rows, columns) * np.float32(scale),
        reals(rng, columns) * np.float32(0.1),
    )
    cases = [_gelu_case(*build(ROWS, COLUMNS, 0.4), "medida")]
    cases += [_gelu_case(*build(*shape, 0.4), _named(shape)) for shape in SHAPES]
    return [*cases, _gelu_case(*build(3, 333, 2.0), "valores grandes de los dos signos")]


def _loss_case(x: np.ndarray, labels: np.ndarray, name: str) -> Case:
    labels = labels.astype(np.int32)
    return _rows_case(name, x, (labels,), softmax_norms.cross_entropy(wide(x), labels), False)


def cross_entropy_cases(rng: np.random.Generator) -> list[Case]:
    """Logits enormes, clases enmascaradas, filas que no cuentan y etiquetas que no existen."""
    draw = lambda shape: rng.integers(0, shape[1], shape[0])  # noqa: E731
    measured = (ROWS, COLUMNS)
    cases = [_loss_case(reals(rng, *measured), draw(measured), "medida")]
    cases += [_loss_case(_spread(rng, *shape), draw(shape), _named(shape)) for shape in SHAPES]
    far = reals(rng, 8, 300) + np.float32(1e4)
    cases.append(_loss_case(far, draw(far.shape), "logits cerca de 10 000"))
    rare = reals(rng, 3, 200) * np.float32(30)
    cases.append(_loss_case(rare, rare.argmin(axis=1), "la clase menos probable"))
    masked = reals(rng, 4, 140)
    masked[:, 100:] = MASKED
    cases.append(_loss_case(masked, np.asarray([0, 99, 50, 7]), "clases enmascaradas"))
    odd = np.asarray([-100, 4, -1, 60, 0, 61, -61])
    return [*cases, _loss_case(reals(rng, 7, 61), odd, "etiquetas que no cuentan o no existen")]
