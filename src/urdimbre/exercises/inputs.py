"""Piezas para armar casos: entradas que discriminan y salidas envenenadas."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

import numpy as np

# Un NaN con carga propia: se distingue, bit a bit, del que produce una cuenta.
_POISON = {
    "float32": np.array(0x7FC5A5A5, np.uint32).view(np.float32),
    "float64": np.array(0x7FF85A5A5A5A5A5A, np.uint64).view(np.float64),
}

SIZES = (1, 31, 32, 33, 127, 128, 129, 257, 521)


def poison(shape: tuple[int, ...] | int, dtype: type | np.dtype) -> np.ndarray:
    """Arreglo de salida con un patrón reconocible: NaN en flotantes, 0xA5 en enteros."""
    dtype = np.dtype(dtype)
    if dtype.name in _POISON:
        return np.full(shape, _POISON[dtype.name], dtype)
    count = prod(shape) if isinstance(shape, tuple) else shape
    return np.full(count * dtype.itemsize, 0xA5, np.uint8).view(dtype).reshape(shape)


def is_poison(array: np.ndarray) -> np.ndarray:
    """Máscara de los elementos que conservan, bit a bit, el patrón de :func:`poison`."""
    flat = np.ascontiguousarray(array)
    raw = flat.view(np.uint8).reshape(*flat.shape, flat.dtype.itemsize)
    mark = poison(1, flat.dtype).view(np.uint8)
    return (raw == mark).all(axis=-1)


def reals(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Números float32 no enteros, de ambos signos, en (-10, 10)."""
    return rng.uniform(-10.0, 10.0, shape).astype(np.float32)


def with_specials(values: np.ndarray) -> np.ndarray:
    """Copia con NaN, +inf, -inf y -0.0 repartidos."""
    out = values.copy()
    for k, special in enumerate((np.nan, np.inf, -np.inf, -0.0)):
        out[(7 * k + 3) % out.size] = special
    return out


def blocks_for(n: int, threads: int) -> int:
    """Bloques de ``threads`` hilos que cubren ``n`` elementos (uno como mínimo)."""
    return max(1, -(-n // threads))


def wide(array: np.ndarray) -> np.ndarray:
    """Copia privada en float64, para calcular lo esperado sin redondeo de float32."""
    return np.array(array, np.float64)


def warps(n: int) -> int:
    """Peticiones mínimas de un acceso por elemento: una por warp."""
    return -(-n // 32)


def sized(build: Callable, sizes: tuple[int, ...] = SIZES, threads: tuple[int, ...] = (128, 64)):
    """Un caso por tamaño, alternando tamaños de bloque: ``build(n, threads)``."""
    return [build(n, threads[k % len(threads)]) for k, n in enumerate(sizes)]
