"""Varias firmas en un ``cuda.jit``: se usa la que pide menos conversiones, como en Numba."""

import numpy as np
import pytest

from urdimbre.errors import ArgumentError
from urdimbre.sim import facade as cuda


@cuda.jit(["void(int32, float64[:])", "void(float32, float64[:])"])
def half(x, out):
    out[0] = x / 2


@pytest.mark.parametrize(("given", "expected"), [
    (np.int32(3), 1.5), (np.float32(0.1), np.float64(np.float32(0.1) / np.float32(2))),
    (np.int16(-3), -1.5),
])  # fmt: skip
def test_the_nearest_signature_is_used(given, expected):
    out = np.zeros(1)
    half[1, 1](given, out)
    assert out[0] == expected


@pytest.mark.parametrize("args", [
    (1, np.zeros(1, np.float32)), (1, np.zeros((1, 1))), (1, 2), (None, np.zeros(1)),
    (1.5j, np.zeros(1)),
])  # fmt: skip
def test_arguments_of_no_signature_are_refused(args):
    with pytest.raises(ArgumentError, match="ninguna firma sirve"):
        half[1, 1](*args)


def test_two_signatures_that_serve_alike_are_refused():
    with pytest.raises(ArgumentError, match="varias firmas sirven igual"):
        half[1, 1](1, np.zeros(1))
