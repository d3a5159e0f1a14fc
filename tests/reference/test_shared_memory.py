"""Los oráculos de la unidad 4 contra ciclos en float64, elemento por elemento."""

import numpy as np
import pytest
from host import host

from urdimbre import reference
from urdimbre.errors import ArgumentError

SIZES = [0, 1, 2, 31, 33, 129]


def _sample(seed, n):
    return np.random.default_rng(seed).normal(0, 3, n).astype(np.float32)


def _close(actual, expected, n_terms):
    """Una vez redondeado a float32: medio ulp, más lo que se pierde al sumar en float64."""
    actual = host(actual)
    assert actual.dtype == np.float32 and actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=2.0**-24 + n_terms * 2.0**-50, atol=1e-12)


def _window_sum(x, weights, i):
    r = len(weights) // 2
    near = [d for d in range(-r, r + 1) if 0 <= i + d < len(x)]
    return sum(float(weights[r + d]) * float(x[i + d]) for d in near)


@pytest.mark.parametrize("taps", [1, 3, 7])
@pytest.mark.parametrize("n", SIZES)
def test_stencil_1d(xp, n, taps):
    x, weights = _sample(1, n), _sample(2, taps)
    expected = np.asarray([_window_sum(x, weights, i) for i in range(n)], np.float64)
    _close(reference.stencil_1d(xp.asarray(x), xp.asarray(weights)), expected, taps)


def test_stencil_1d_is_not_mirrored(xp):
    x = xp.asarray(np.asarray([1, 10, 100], np.int32))
    weights = xp.asarray(np.asarray([1, 0, 0], np.int32))
    assert host(reference.stencil_1d(x, weights)).tolist() == [0, 1, 10]


def test_a_far_nan_stays_where_it_is(xp):
    x = xp.asarray(np.asarray([1, 2, np.nan, 4, 5, np.inf, 7, 8], np.float32))
    ones = xp.asarray(np.ones(3, np.float32))
    for result in (reference.stencil_1d(x, ones), reference.moving_average(x, 1)):
        found = host(result)
        assert np.isnan(found).tolist() == [False, True, True, True, False, False, False, False]
        assert np.isinf(found).tolist() == [False, False, False, False, True, True, True, False]


@pytest.mark.parametrize("shape", [(0, 3), (1, 5), (31, 33), (4, 4)])
def test_transpose(xp, shape):
    a = _sample(3, shape[0] * shape[1]).reshape(shape)
    result = host(reference.transpose(xp.asarray(a)))
    assert result.shape == shape[::-1]
    assert all(result[j, i] == a[i, j] for i in range(shape[0]) for j in range(shape[1]))


def test_transpose_is_a_contiguous_copy():
    a = np.ones((3, 5), np.float32)
    result = reference.transpose(a)
    assert result.flags.c_contiguous and not np.shares_memory(result, a)


@pytest.mark.parametrize("block", [1, 2, 32, 200])
@pytest.mark.parametrize("n", SIZES)
def test_block_reverse_and_block_sums(xp, n, block):
    x = _sample(4, n)
    pieces = [x[i : i + block] for i in range(0, n, block)]
    reverse = [float(v) for piece in pieces for v in reversed(piece.tolist())]
    assert host(reference.block_reverse(xp.asarray(x), block)).tolist() == reverse
    sums = np.asarray([sum(map(float, piece)) for piece in pieces], np.float64)
    _close(reference.block_sums(xp.asarray(x), block), sums, block)


@pytest.mark.parametrize("radius", [0, 1, 5, 40])
@pytest.mark.parametrize("n", SIZES)
def test_moving_average_trims_its_window(xp, n, radius):
    x = _sample(5, n)
    windows = [x[max(0, i - radius) : i + radius + 1] for i in range(n)]
    expected = np.asarray([sum(map(float, w)) / len(w) for w in windows], np.float64)
    _close(reference.moving_average(xp.asarray(x), radius), expected, 2 * radius + 1)


F32 = np.ones(4, np.float32)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: reference.stencil_1d(F32, F32), "debe ser impar y es 4"),
        (lambda: reference.stencil_1d(F32, np.ones(3, np.int32)), "mismo tipo"),
        (lambda: reference.stencil_1d(np.ones((2, 2), np.float32), F32[:3]), "1 dimensión"),
        (lambda: reference.transpose(F32), "2 dimensiones"),
        (lambda: reference.block_reverse(F32, 0), "al menos 1"),
        (lambda: reference.block_reverse(F32, 2.0), "debe ser un entero"),
        (lambda: reference.block_sums(F32 > 0, 2), "bool"),
        (lambda: reference.moving_average(F32.astype(np.int32), 1), "int32"),
        (lambda: reference.moving_average(F32, -1), "al menos 0"),
    ],
)
def test_wrong_arguments_say_what_is_wrong(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()
