"""Los oráculos de la unidad 3 contra ciclos en float64, elemento por elemento."""

import numpy as np
import pytest
from host import host

from urdimbre import reference
from urdimbre.errors import ArgumentError

SHAPES = [(0, 4), (1, 1), (3, 31), (5, 32), (2, 33), (7, 100), (4, 0)]


def _sample(seed, *shape):
    return np.random.default_rng(seed).normal(0, 3, shape).astype(np.float32)


@pytest.mark.parametrize("n", [0, 1, 33])
def test_copy_is_equal_and_its_own_memory(xp, n):
    x = _sample(1, n)
    source = xp.asarray(x)
    result = reference.copy(source)
    np.testing.assert_array_equal(host(result), x)
    if n:
        result[0] = 99
        assert host(source)[0] == x[0]


@pytest.mark.parametrize("shape", SHAPES)
def test_structure_of_arrays(xp, shape):
    records = _sample(2, *shape)
    result = host(reference.structure_of_arrays(xp.asarray(records)))
    n, fields = shape
    assert result.shape == (fields, n) and result.dtype == np.float32
    assert all(result[f, i] == records[i, f] for i in range(n) for f in range(fields))


@pytest.mark.parametrize("lanes", [1, 5, 32])
@pytest.mark.parametrize("shape", SHAPES)
def test_row_partial_sums(xp, shape, lanes):
    a = _sample(3, *shape)
    rows, columns = shape
    expected = np.zeros((rows, lanes), np.float64)
    for r in range(rows):
        for c in range(columns):
            expected[r, c % lanes] += float(a[r, c])
    result = host(reference.row_partial_sums(xp.asarray(a), lanes))
    assert result.shape == (rows, lanes) and result.dtype == np.float32
    np.testing.assert_allclose(result, expected, rtol=2.0**-24 + 2.0**-43, atol=1e-12)
    np.testing.assert_allclose(
        result.sum(1, dtype=np.float64), a.sum(1, dtype=np.float64), 1e-4, 1e-4
    )


def test_partial_sums_of_integers_keep_their_type(xp):
    a = xp.asarray(np.arange(10, dtype=np.int32).reshape(2, 5))
    result = host(reference.row_partial_sums(a, 2))
    assert result.dtype == np.int32
    assert result.tolist() == [[0 + 2 + 4, 1 + 3], [5 + 7 + 9, 6 + 8]]


@pytest.mark.parametrize("shape", SHAPES)
def test_scale_rows_rounds_once(xp, shape):
    a, gain = _sample(4, *shape), _sample(5, shape[0])
    expected = [[float(gain[r]) * float(v) for v in row] for r, row in enumerate(a)]
    result = host(reference.scale_rows(xp.asarray(a), xp.asarray(gain)))
    wanted = np.asarray(expected, np.float64).reshape(shape).astype(np.float32)
    np.testing.assert_array_equal(result, wanted)


F32 = np.ones((2, 3), np.float32)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: reference.structure_of_arrays(F32[0]), "2 dimensiones"),
        (lambda: reference.row_partial_sums(F32[0]), "2 dimensiones"),
        (lambda: reference.row_partial_sums(F32, 0), "al menos 1"),
        (lambda: reference.row_partial_sums(F32 > 0), "bool"),
        (lambda: reference.scale_rows(F32, F32[0]), "3 factores"),
        (lambda: reference.scale_rows(F32, F32), "1 dimensión"),
        (lambda: reference.scale_rows(F32, np.ones(2, np.int32)), "mismo tipo"),
    ],
)
def test_wrong_arguments_say_what_is_wrong(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()
