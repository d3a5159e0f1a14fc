"""Funciones universales de NumPy en un kernel, con números y con el arreglo del resultado."""

import numpy as np
import pytest

from urdimbre.errors import KernelTypeError
from urdimbre.sim import facade as cuda

REAL = [np.sin, np.arctan, np.log2, np.degrees, np.sqrt, np.floor, np.negative]
PAIRS = [np.add, np.arctan2, np.maximum, np.fmin, np.greater_equal, np.logical_xor, np.not_equal]


@pytest.mark.parametrize("function", REAL, ids=lambda f: f.__name__)
@pytest.mark.parametrize("shape", [(), (7,), (2, 3)])
def test_one_argument(function, shape):
    @cuda.jit
    def k(a, out, one):
        function(a, out)
        one[0] = function(a.size)

    a = np.random.default_rng(5).uniform(0.1, 9, shape)
    out, one = np.zeros(shape), np.zeros(1)
    k[1, 1](a, out, one)
    np.testing.assert_allclose(out, function(a), rtol=1e-15)
    np.testing.assert_allclose(one[0], function(a.size), rtol=1e-15)


@pytest.mark.parametrize("function", PAIRS, ids=lambda f: f.__name__)
def test_two_arguments_spread_to_the_result(function):
    @cuda.jit
    def k(a, b, out, more):
        function(a, b, out)
        function(a, 1.5, more)

    rng = np.random.default_rng(6)
    a, b = rng.integers(-2, 3, (4, 3)) + 0.5, rng.integers(-2, 3, (1, 3)) + 0.5
    a[0] = [np.nan, 0, 1.5]
    want = function(a, b)
    out, more = np.zeros_like(want), np.zeros_like(want)
    k[1, 1](a, b, out, more)
    np.testing.assert_allclose(out, want, rtol=1e-15)
    np.testing.assert_allclose(more, function(a, 1.5), rtol=1e-15)


def test_each_thread_its_row():
    @cuda.jit
    def k(a, out):
        i = cuda.threadIdx.x
        np.multiply(a[i], i, out[i])

    a = np.arange(12, dtype=np.int32).reshape(4, 3)
    out = np.zeros((4, 3), np.int64)
    k[1, 4](a, out)
    assert (out == a * np.arange(4)[:, None]).all()


def test_the_result_is_an_array():
    @cuda.jit
    def k(a):
        np.sin(a[0], a[1])

    with pytest.raises(KernelTypeError, match="donde se escribe"):
        k[1, 1](np.zeros(2))


def test_the_arguments_fit_in_the_result():
    @cuda.jit
    def k(a, out):
        np.sin(a, out)

    with pytest.raises(KernelTypeError, match="más ejes"):
        k[1, 1](np.zeros((2, 2)), np.zeros(2))


def test_complex_numbers():
    @cuda.jit
    def k(a, out, less):
        np.sin(a, out)
        np.less(a, 1j, less)

    a = np.array([1 + 2j, 0.5j, -1j], np.complex128)
    out, less = np.zeros_like(a), np.zeros(3, np.bool_)
    k[1, 1](a, out, less)
    np.testing.assert_allclose(out, np.sin(a), rtol=1e-15)
    assert (less == np.less(a, 1j)).all()


def test_what_numpy_does_not_do_with_complex_numbers():
    @cuda.jit
    def k(a):
        a[0] = np.degrees(a[0])

    with pytest.raises(KernelTypeError, match=r"np\.degrees no admite números complejos"):
        k[1, 1](np.zeros(1, np.complex64))
