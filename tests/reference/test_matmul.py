"""Los oráculos de la unidad 8 contra sumas en float64, elemento por elemento."""

import math

import numpy as np
import pytest
from host import host

from urdimbre import reference
from urdimbre.errors import ArgumentError

SHAPES = [(1, 1, 1), (1, 5, 3), (17, 1, 31), (3, 0, 2), (33, 31, 17), (8, 65, 2)]


def _pair(m, k, n):
    rng = np.random.default_rng(8)
    return (
        rng.normal(0, 2, (m, k)).astype(np.float32),
        rng.normal(0, 2, (k, n)).astype(np.float32),
    )


def _exact(a, b):
    """Cada elemento con ``math.fsum``, que suma sin error; el producto de float32 cabe exacto."""
    rows, columns = a.astype(np.float64).tolist(), b.astype(np.float64).T.tolist()
    sums = [[math.fsum(map(float.__mul__, r, c)) for c in columns] for r in rows]
    return np.asarray(sums, np.float64).reshape(a.shape[0], b.shape[1])


def _close(actual, expected):
    """Una vez redondeado a float32: medio ulp, más lo que se pierde al sumar en float64."""
    actual = host(actual)
    assert actual.dtype == np.float32 and actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=2.0**-24 + 2.0**-44, atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_matmul(xp, shape):
    a, b = _pair(*shape)
    _close(reference.matmul(xp.asarray(a), xp.asarray(b)), _exact(a, b))


@pytest.mark.parametrize("shape", SHAPES)
def test_matmul_transposed_b(xp, shape):
    a, b = _pair(*shape)
    flipped = np.ascontiguousarray(b.T)
    _close(reference.matmul_transposed_b(xp.asarray(a), xp.asarray(flipped)), _exact(a, b))


@pytest.mark.parametrize("shape", SHAPES)
def test_matmul_transposed_a(xp, shape):
    a, b = _pair(*shape)
    flipped = np.ascontiguousarray(a.T)
    _close(reference.matmul_transposed_a(xp.asarray(flipped), xp.asarray(b)), _exact(a, b))


@pytest.mark.parametrize("shape", SHAPES)
def test_matmul_transposed_both(xp, shape):
    a, b = _pair(*shape)
    turned = [xp.asarray(np.ascontiguousarray(array.T)) for array in (a, b)]
    _close(reference.matmul_transposed_both(*turned), _exact(a, b))


def test_integers_are_exact(xp):
    a = xp.asarray(np.asarray([[1, -2, 3]], np.int32))
    result = host(reference.matmul_transposed_b(a, a))
    assert result.dtype == np.int32 and result.tolist() == [[14]]


def _sum_in_float32(a, b, order):
    """El producto sumado en float32 en ese orden, con un redondeo por producto y otro por suma."""
    total = np.zeros((a.shape[0], b.shape[1]), np.float32)
    for k in order:
        total = total + a[:, k : k + 1] * b[k : k + 1, :]
    return total


@pytest.mark.parametrize("shape", SHAPES)
def test_the_bound_holds_in_any_order(xp, shape):
    a, b = _pair(*shape)
    bound = host(reference.dot_error_bound(xp.asarray(a), xp.asarray(b)))
    assert bound.dtype == np.float64
    for order in (range(shape[1]), reversed(range(shape[1]))):
        error = np.abs(_sum_in_float32(a, b, order) - _exact(a, b))
        assert (error <= bound).all()


def test_the_bound_is_the_one_on_paper():
    a, b = np.full((1, 4), -3, np.float32), np.full((4, 1), 0.5, np.float32)
    spent = 4 * 2.0**-24
    assert reference.dot_error_bound(a, b).tolist() == [[spent / (1 - spent) * 6]]


def test_the_bound_is_not_a_thousand_times_the_error():
    # Con términos del mismo signo el error crece con k: la cota no es mil veces lo que pasa.
    rng = np.random.default_rng(3)
    a = rng.uniform(0.5, 1, (1, 4096)).astype(np.float32)
    b = rng.uniform(0.5, 1, (4096, 1)).astype(np.float32)
    error = np.abs(_sum_in_float32(a, b, range(4096)) - _exact(a, b))
    assert error.item() > reference.dot_error_bound(a, b).item() / 1000


F32 = np.ones((2, 3), np.float32)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: reference.matmul(F32, F32), "medida interior no coincide"),
        (lambda: reference.matmul_transposed_b(F32, F32.T), "medida interior no coincide"),
        (lambda: reference.matmul_transposed_a(F32, F32.T), "medida interior no coincide"),
        (lambda: reference.matmul_transposed_both(F32, F32), "medida interior no coincide"),
        (lambda: reference.matmul(F32[0], F32), "2 dimensiones"),
        (lambda: reference.matmul(F32, np.ones((3, 2), np.int32)), "mismo tipo"),
        (lambda: reference.matmul(F32 > 0, F32.T > 0), "bool"),
        (lambda: reference.dot_error_bound(F32.astype(np.int32), F32.T), "int32"),
    ],
)
def test_wrong_arguments_say_what_is_wrong(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()
