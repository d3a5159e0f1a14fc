"""Los oráculos de las reducciones contra ciclos de Python, elemento por elemento."""

import math

import numpy as np
import pytest
from host import host

from urdimbre import reference
from urdimbre.errors import ArgumentError

F32 = np.ones(4, np.float32)
I32 = np.ones(4, np.int32)


@pytest.mark.parametrize("n", [0, 1, 31, 33, 257])
def test_dot_onto(xp, n):
    rng = np.random.default_rng(n)
    x, y, start = (rng.normal(0, 3, k).astype(np.float32) for k in (n, n, 1))
    expected = math.fsum([float(start[0]), *(float(a) * float(b) for a, b in zip(x, y))])
    found = host(reference.dot_onto(xp.asarray(x), xp.asarray(y), xp.asarray(start)))
    assert found.shape == (1,) and found.dtype == np.float32
    np.testing.assert_allclose(found[0], expected, rtol=2.0**-24, atol=1e-9)


def slow_argmax(row):
    best = -1
    for column, value in enumerate(row):
        if not math.isnan(value) and (best < 0 or value > row[best]):
            best = column
    return best


ROWS = np.array(
    [
        [1.5, -2, 1.5, 0],
        [np.nan, -3, -3, np.nan],
        [np.nan, np.nan, np.nan, np.nan],
        [-np.inf, -np.inf, np.nan, -np.inf],
        [np.nan, -np.inf, np.nan, np.nan],
        [0, np.inf, np.inf, 7],
        [-0.0, 0.0, -1, -0.0],
    ],
    np.float32,
)


def test_argmax_rows_by_hand(xp):
    found = host(reference.argmax_rows(xp.asarray(ROWS)))
    assert found.dtype == np.int32
    assert found.tolist() == [0, 1, -1, 0, 1, 1, 0] == [slow_argmax(row) for row in ROWS.tolist()]


@pytest.mark.parametrize("shape", [(1, 1), (3, 33), (2, 257)])
def test_argmax_rows(xp, shape):
    x = np.random.default_rng(1).integers(-4, 5, shape).astype(np.float32)
    found = host(reference.argmax_rows(xp.asarray(x)))
    assert found.tolist() == [slow_argmax(row) for row in x.tolist()]


def test_tally_above(xp):
    bins = np.array([0, 2, 2, 2, 0, 2], np.int32)
    values = np.array([5, 1, 2, 3, np.nan, 9], np.float32)
    start = np.array([10, 20, 30], np.int32)
    found = host(reference.tally_above(*(xp.asarray(a) for a in (bins, values)), 2.0,
                                       xp.asarray(start)))  # fmt: skip
    assert found.dtype == np.int32
    assert found.tolist() == [11, 20, 32]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: reference.dot_onto(F32, F32[:2], F32[:1]), "misma forma"),
        (lambda: reference.dot_onto(F32, F32, I32), "mismo tipo"),
        (lambda: reference.argmax_rows(F32), "2 dimensiones"),
        (lambda: reference.argmax_rows(np.ones((2, 0), np.float32)), "una columna por lo menos"),
        (lambda: reference.argmax_rows(np.ones((2, 2), np.int32)), "int32"),
        (lambda: reference.tally_above(F32, F32, 0.0, I32), "«bins»"),
        (lambda: reference.tally_above(I32, F32[:2], 0.0, I32), "misma forma"),
    ],
)
def test_wrong_arguments_say_what_is_wrong(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()
