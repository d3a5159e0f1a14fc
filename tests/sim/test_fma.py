"""La FMA, bit a bit contra fracciones exactas."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from urdimbre.sim.functions.fma import fma

# Bits de la mantisa, exponente del menor subnormal y exponente en que se desborda.
FORMATS = {np.float16: (11, -24, 16), np.float32: (24, -149, 128), np.float64: (53, -1074, 1024)}
BITS = {np.float16: np.uint16, np.float32: np.uint32, np.float64: np.uint64}


def rounded(x: Fraction, kind: Any) -> Any:
    """La fracción más cercana que cabe en el tipo, mitades al par."""
    bits, low, high = FORMATS[kind]
    size = abs(x)
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    exponent -= Fraction(2) ** exponent > size
    unit = Fraction(2) ** max(exponent - bits + 1, low)
    size = round(size / unit) * unit
    value = np.inf if size >= Fraction(2) ** high else float(size)
    return kind(-value if x < 0 else value)


def expected(a: Any, b: Any, c: Any) -> Any:
    kind = type(a)
    a, b, c = float(a), float(b), float(c)
    if not (np.isfinite(a) and np.isfinite(b)):
        return kind(a * b + c)
    if not np.isfinite(c):
        return kind(c)
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    return rounded(exact, kind) if exact else kind(a * b + c)


def sample(kind: Any, count: int, rng: Any) -> np.ndarray:
    """Todos los bits, enteros pequeños, valores comunes y los especiales."""
    raw = BITS[kind]
    info = np.finfo(kind)
    every = rng.integers(0, np.iinfo(raw).max, count, dtype=raw, endpoint=True).view(kind)
    small = rng.integers(-64, 65, count).astype(kind) * kind(2) ** rng.integers(-9, 9, count)
    common = rng.normal(0, 1, count).astype(kind)
    special = np.array([0, -0.0, np.inf, -np.inf, np.nan, info.tiny, info.smallest_subnormal,
                        info.max, 1, -1], kind)  # fmt: skip
    return np.choose(rng.integers(0, 4, count),
                     [every, small.astype(kind), common, rng.choice(special, count)])  # fmt: skip


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("seed", range(3))
def test_it_is_exact(kind, seed):
    rng = np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        a, b, c = (sample(kind, 1500, rng) for _ in range(3))
        near = np.array([1, 0.5, 2, 1 + np.finfo(kind).eps], kind)
        c = np.where(rng.random(c.size) < 0.4, -(a * b) * rng.choice(near, c.size), c).astype(kind)
        got = fma(a, b, c)
        wanted = np.array([expected(*row) for row in zip(a, b, c, strict=True)], kind)
    same = got.view(BITS[kind]) == wanted.view(BITS[kind])
    same |= np.isnan(got) & np.isnan(wanted)
    assert got.dtype == kind and same.all(), (a[~same][0], b[~same][0], c[~same][0])


def test_it_does_not_round_twice():
    # (1 + 2^-12)^2 = 1 + 2^-11 + 2^-24: justo a la mitad de dos float32. Un sumando diminuto
    # decide hacia dónde, y en float64 se pierde.
    a, tiny = np.float32(1 + 2.0**-12), np.float32(2.0**-100)
    naive = np.float32(np.float64(a) * np.float64(a) + np.float64(tiny))
    down, up = np.float32(1 + 2.0**-11), np.float32(1 + 2.0**-11 + 2.0**-23)
    assert naive == down
    assert fma(a, a, tiny) == up and fma(a, a, -tiny) == down


def test_it_does_not_round_twice_up_to_the_smallest_normal():
    # La mitad entre el mayor subnormal y el menor normal, menos 2^-197: va hacia abajo. En float64
    # queda justo en la mitad, y al redondear otra vez iría hacia arriba.
    unit = np.float32(2.0**-149)
    a, b = np.float32(2351 * 4513 * 2.0**-98), np.float32(13264529 * 2.0**-99)
    below = np.float32(2.0**-126) - unit
    assert Fraction(float(a)) * Fraction(float(b)) == Fraction(2**47 - 1, 2**197)
    for sign in np.float32([1, -1]):
        assert fma(sign * a, b, sign * below) == expected(sign * a, b, sign * below) == sign * below
    lanes = np.array([a, a, np.nan, 1], np.float32)
    out = fma(lanes, b, below)
    assert out[0] == out[1] == below


@pytest.mark.parametrize("kind", FORMATS)
def test_lanes_in_doubt_among_many_that_are_not(kind):
    """Más carriles que un tramo, con valores repetidos por bloque, por carril y en todos."""
    rng = np.random.default_rng(9)
    shapes = (9, 1, 32), (1, 24, 32), ()  # 6912 carriles
    with np.errstate(all="ignore"):
        for turn in range(3):
            given = [np.asarray(sample(kind, int(np.prod(s)), rng)).reshape(s)[()] for s in shapes]
            args = given[turn:] + given[:turn]
            got = fma(*args)
            few = rng.integers(0, got.size, 400)
            rows = zip(*(np.broadcast_to(x, got.shape).flat[few] for x in args), strict=True)
            wanted = np.array([expected(*row) for row in rows], kind)
    same = got.flat[few].view(BITS[kind]) == wanted.view(BITS[kind])
    assert got.shape == (9, 24, 32) and (same | np.isnan(wanted) & np.isnan(got.flat[few])).all()


def test_one_number_gives_one_number():
    for kind in FORMATS:
        out = fma(kind(3), kind(0.5), kind(-1))
        assert type(out) is kind and out == 0.5
