"""Las entradas de cada escalera, con su resultado en ``float64`` por NumPy y su tolerancia."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

U = 2.0**-24  # error relativo de un redondeo en float32
BLOCK = 256  # elementos por segmento, en las escaleras de la suma de prefijos
D = 32  # dimensión de la cabeza, en las de atención


@dataclass(frozen=True)
class Case:
    """Los argumentos de un peldaño y lo que debe dejar en ellos.

    Attributes:
        args: arreglos de NumPy y escalares, en el orden de :class:`Step.args`.
        expected: da, al llamarla, posición -> resultado en ``float64``; con tamaños grandes
            cuesta segundos, y no siempre se pide.
        allowed: el mayor error absoluto que se acepta, con su cuenta en cada función.
    """

    args: tuple[Any, ...]
    expected: Callable[[], dict[int, np.ndarray]]
    allowed: float


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    """Reales en [-1, 1), ``float32``."""
    values = np.random.default_rng(seed).random(shape, dtype=np.float32)
    return values * np.float32(2) - np.float32(1)


def empty(*shape: int) -> np.ndarray:
    """Una salida que nadie ha escrito: NaN."""
    return np.full(shape, np.nan, np.float32)


def _sides(n: int) -> tuple[int, int]:
    """Cuadrada si n es múltiplo de la tesela; si no, rectangular."""
    return (n, n) if n % 32 == 0 else (n, n + 37)


def copied(n: int) -> Case:
    """``b = a``, exacto."""
    a = noise(*_sides(n))
    return Case((a, empty(*a.shape)), lambda: {1: a.astype(np.float64)}, 0.0)


def transposed(n: int) -> Case:
    """``b = a.T``, exacto."""
    a = noise(*_sides(n))
    return Case((a, empty(*a.shape[::-1])), lambda: {1: a.T.astype(np.float64)}, 0.0)


def summed(n: int) -> Case:
    """``out[0] += sum(x)``.

    Con sumandos positivos, cada suma yerra a lo sumo U veces el total; en fila india, n U por el
    total. Se admite eso hasta cien sumas seguidas y, si hay más, el error de cien: todas las
    versiones menos la primera suman en árbol. La primera hace n sumas, pero sus errores se
    compensan: se admiten 4 raíz(n) U.
    """
    x = np.random.default_rng(0).random(n, dtype=np.float32)
    total = float(n) * 0.5 + 1.0
    allowed = (min(n, 100) + 4 * math.sqrt(n)) * U * total
    return Case(
        (x, np.zeros(1, np.float32)), lambda: {1: np.sum(x, dtype=np.float64)[None]}, allowed
    )


def few_blocks(n: int) -> int:
    """Ocho bloques de 256 por multiprocesador de una H100, o menos si no hay tantos datos."""
    return min(-(-n // BLOCK), 8 * 132)


def summed_twice(n: int) -> Case:
    """La suma en dos lanzamientos, con un parcial por bloque en el medio; la misma cota."""
    case = summed(n)
    return Case((*case.args, empty(few_blocks(n))), case.expected, case.allowed)


def scanned_by_segments(n: int) -> Case:
    """La suma de prefijos de cada segmento de 256: a lo sumo 256 sumas de magnitud 256."""
    x = noise(n)

    def expected() -> dict[int, np.ndarray]:
        padded = np.zeros((-(-n // BLOCK), BLOCK))
        padded.reshape(-1)[:n] = x
        return {1: np.cumsum(padded, axis=1).reshape(-1)[:n]}

    return Case((x, empty(n)), expected, BLOCK * BLOCK * U)


def scanned(n: int) -> Case:
    """La suma de prefijos de todo, con los arreglos intermedios de cada nivel.

    Cada salida es la suma de a lo sumo 32 + 3 · 9 redondeos por nivel sobre parciales que no
    pasan de su número de sumandos; con tres niveles bastan 100 U por la mayor suma de magnitudes.
    """
    x = noise(n)
    scratch: list[np.ndarray] = []
    for blocks in levels(n):
        scratch += [empty(blocks), empty(blocks)]
    return Case(
        (x, empty(n), *scratch),
        lambda: {1: np.cumsum(x, dtype=np.float64)},
        100 * U * max(1.0, 0.5 * n),
    )


def levels(n: int) -> list[int]:
    """Cuántos bloques tiene cada nivel de la suma de prefijos, hasta llegar a uno."""
    found = [-(-n // BLOCK)]
    while found[-1] > 1:
        found.append(-(-found[-1] // BLOCK))
    return found


def multiplied(n: int) -> Case:
    """``c = a @ b``: k productos y k sumas de magnitud k a lo sumo, k² U."""
    m, k, p = (n, n, n) if n % 32 == 0 else (n, n + 5, n + 9)
    a, b = noise(m, k), noise(k, p, seed=1)
    return Case((a, b, empty(m, p)), lambda: {2: _product(a, b)}, k * k * U)


def _product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a.astype(np.float64) @ b.astype(np.float64)


def softmaxed(n: int) -> Case:
    """Softmax por filas de n × (4n o menos columnas): pesos entre 0 y 1, con 64 U de margen.

    Cada exponencial yerra hasta 4 U más lo que arrastra su argumento (|x - m| U, menos de 20 U),
    y la suma en árbol y la división agregan menos de 20 U; el peso no pasa de uno.
    """
    x = np.float32(8) * noise(n, columns(n))
    return Case((x, empty(*x.shape)), lambda: {1: _softmax(x.astype(np.float64))}, 64 * U)


def columns(n: int) -> int:
    """Columnas de la matriz del softmax: una fila debe caber en 48 KiB."""
    return min(4096, n + 5 if n % 32 else n)


def _softmax(x: np.ndarray) -> np.ndarray:
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


SCALE = np.float32(1 / math.sqrt(D))


def _attention(q: np.ndarray, k: np.ndarray, v: np.ndarray, causal: bool) -> list[np.ndarray]:
    q, k, v = (a.astype(np.float64) for a in (q, k, v))
    s = q @ np.swapaxes(k, -1, -2) / math.sqrt(D)
    if causal:
        s = np.where(np.tri(*s.shape[-2:], k=s.shape[-1] - s.shape[-2], dtype=bool), s, -np.inf)
    top = s.max(axis=-1, keepdims=True)
    powers = np.exp(s - top)
    total = powers.sum(axis=-1, keepdims=True)
    return [powers / total @ v, (top + np.log(total))[..., 0]]


def _attention_bound(n: int) -> float:
    """La cota del capítulo, con valores entre -1 y 1: |q·k| / raíz(D) no pasa de raíz(D)."""
    delta = (D + 4) * U * math.sqrt(D) + 8 * U
    return 2 * delta + 2 * (4 * n + 8) * U


def attended(n: int, causal: bool = False) -> Case:
    """La atención de una cabeza: ``out`` y ``lse``."""
    q, k, v = (noise(n, D, seed=s) for s in range(3))

    def expected() -> dict[int, np.ndarray]:
        return dict(zip((4, 5), _attention(q, k, v, causal), strict=True))

    return Case((q, k, v, SCALE, empty(n, D), empty(n)), expected, _attention_bound(n))


def attended_causal(n: int) -> Case:
    """La atención de una cabeza, sin mirar adelante."""
    return attended(n, causal=True)


def heads_of(n: int) -> tuple[int, int]:
    """Lotes y cabezas: pocos con entradas pequeñas."""
    return (4, 16) if n >= 1024 else (2, 3)


def attended_heads(n: int) -> Case:
    """La atención de varios lotes y cabezas."""
    q, k, v = (noise(*heads_of(n), n, D, seed=s) for s in range(3))

    def expected() -> dict[int, np.ndarray]:
        return dict(zip((4, 5), _attention(q, k, v, False), strict=True))

    outputs = empty(*heads_of(n), n, D), empty(*heads_of(n), n)
    return Case((q, k, v, SCALE, *outputs), expected, _attention_bound(n))
