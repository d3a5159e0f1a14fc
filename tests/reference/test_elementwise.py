"""Los oráculos de la unidad 2 contra ciclos en float64, elemento por elemento."""

import numpy as np
import pytest
from host import host

from urdimbre import reference
from urdimbre.errors import ArgumentError

SIZES = [0, 1, 31, 32, 33, 127]
SPECIAL = [np.nan, np.inf, -np.inf, -0.0, 1e30, 1e-40]


def _sample(seed, n, dtype=np.float32):
    values = np.random.default_rng(seed).normal(0, 3, n).astype(dtype)
    values[: min(n, len(SPECIAL))] = SPECIAL[: min(n, len(SPECIAL))]
    return values


def _same(actual, expected):
    actual = host(actual)
    assert actual.dtype == expected.dtype and actual.shape == expected.shape
    np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_vector_add_and_saxpy_round_once(xp, n, dtype):
    x, y = _sample(1, n, dtype), _sample(2, n, dtype)[::-1].copy()
    xs, ys = xp.asarray(x), xp.asarray(y)
    with np.errstate(all="ignore"):
        added = [float(a) + float(b) for a, b in zip(x, y, strict=True)]
        scaled = [1.7 * float(a) + float(b) for a, b in zip(x, y, strict=True)]
        _same(reference.vector_add(xs, ys), np.asarray(added, np.float64).astype(dtype))
        _same(reference.saxpy(1.7, xs, ys), np.asarray(scaled, np.float64).astype(dtype))


def test_vector_add_wraps_integers(xp):
    big = xp.asarray(np.asarray([2**31 - 1, -(2**31), 5], np.int32))
    small = xp.asarray(np.asarray([1, -1, -7], np.int32))
    _same(reference.vector_add(big, small), np.asarray([-(2**31), 2**31 - 1, -2], np.int32))


def test_vector_add_keeps_shape_and_leaves_inputs(xp):
    a = np.arange(6, dtype=np.float32).reshape(2, 3)
    xs = xp.asarray(a.copy())
    _same(reference.vector_add(xs, xs), a * np.float32(2))
    _same(xs, a)


@pytest.mark.parametrize("shape", [(0, 4), (5, 7), (4, 3, 3)])
def test_image_invert_of_bytes(xp, shape):
    image = np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)
    expected = np.asarray([255 - int(p) for p in image.ravel()], np.uint8).reshape(shape)
    _same(reference.image_invert(xp.asarray(image)), expected)


def test_image_invert_of_reals(xp):
    image = np.asarray([[0.0, 0.25, 1.0], [np.nan, np.inf, -0.5]], np.float32)
    expected = np.asarray([[1.0, 0.75, 0.0], [np.nan, -np.inf, 1.5]], np.float32)
    _same(reference.image_invert(xp.asarray(image)), expected)


@pytest.mark.parametrize("n", SIZES)
def test_clamp_of_reals(xp, n):
    x = _sample(4, n)
    loop = [v if np.isnan(v) else np.float32(min(max(float(v), -1.5), 2.25)) for v in x]
    _same(reference.clamp(xp.asarray(x), -1.5, 2.25), np.asarray(loop, np.float32))


def test_clamp_of_integers(xp):
    x = np.asarray([-9, -2, 0, 3, 2**31 - 1], np.int32)
    _same(reference.clamp(xp.asarray(x), -2, 3), np.asarray([-2, -2, 0, 3, 3], np.int32))


def test_outer_product_is_rows_by_columns(xp):
    x, y = _sample(5, 9), _sample(6, 4)
    with np.errstate(all="ignore"):
        table = [[np.float32(float(a) * float(b)) for b in y] for a in x]
        _same(reference.outer_product(xp.asarray(x), xp.asarray(y)), np.asarray(table))
    empty = reference.outer_product(xp.asarray(x[:0]), xp.asarray(y))
    assert tuple(empty.shape) == (0, 4)


F32 = np.ones(3, np.float32)
I32 = np.ones(3, np.int32)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: reference.vector_add(F32, F32[:2]), "misma forma"),
        (lambda: reference.vector_add(F32, I32), "mismo tipo"),
        (lambda: reference.vector_add(F32 > 0, F32 > 0), "no puede ser de tipo bool"),
        (lambda: reference.vector_add([1.0], [2.0]), "misma biblioteca"),
        (lambda: reference.saxpy(2.0, I32, I32), "no puede ser de tipo int32"),
        (lambda: reference.image_invert(F32), "2 o 3 ejes"),
        (lambda: reference.image_invert(np.ones((2, 2), np.int32)), "int32"),
        (lambda: reference.clamp(F32, 2.0, 1.0), "no puede pasar"),
        (lambda: reference.clamp(F32, float("nan"), 1.0), "no puede pasar"),
        (lambda: reference.clamp(I32, 0.5, 2), "deben ser enteros"),
        (lambda: reference.outer_product(F32, np.ones((2, 2), np.float32)), "1 dimensión"),
    ],
)
def test_wrong_arguments_say_what_is_wrong(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()


@pytest.mark.parametrize("n", [1, 2, 33, 127])
def test_differences(xp, n):
    x = _sample(8, n)
    with np.errstate(all="ignore"):
        expected = [float(b) - float(a) for a, b in zip(x, x[1:], strict=False)]
        _same(reference.differences(xp.asarray(x)), np.asarray(expected, np.float64).astype("f4"))


def test_differences_of_nothing_is_an_error():
    with pytest.raises(ArgumentError, match="vacío"):
        reference.differences(np.zeros(0, np.float32))


def test_projectile_height(xp):
    t = np.asarray([0.0, 1.0, 1.5, -2.0, 3.0], np.float32)
    expected = np.asarray([2.5, 12.3, 13.525, -46.5, 2.5], np.float64)
    np.testing.assert_allclose(
        host(reference.projectile_height(xp.asarray(t))), expected, 1e-6, 1e-6
    )
    with pytest.raises(ArgumentError, match="int32"):
        reference.projectile_height(xp.asarray(np.ones(2, np.int32)))
