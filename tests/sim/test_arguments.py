"""Argumentos que faltan, con nombre o None, y sum: como los compila Numba CUDA."""

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import KernelTypeError
from urdimbre.sim import facade as cuda

f4 = np.float32


@cuda.jit(device=True)
def scaled(x, factor=2, shift=None):
    if shift is None:
        return x * factor
    return x * factor + shift


@cuda.jit
def calls(a, out):
    x = a[0]
    out[0] = scaled(x)
    out[1] = scaled(x, 3)
    out[2] = scaled(x, shift=1)
    out[3] = scaled(factor=5, x=x)
    out[4] = scaled(x, 2, None)


def test_names_and_defaults_of_a_device_function():
    out = np.zeros(5)
    calls[1, 1](np.array([1.5]), out)
    assert out.tolist() == [3.0, 4.5, 4.0, 7.5, 3.0]


@cuda.jit
def optional(a, weights, out):
    i = cuda.grid(1)
    if weights is None:
        out[i] = a[i]
    else:
        out[i] = a[i] * weights[i]


def test_none_as_an_argument_decides_when_compiling():
    a, out = np.arange(32, dtype=f4), np.zeros(32, f4)
    optional[1, 32](a, None, out)
    assert np.array_equal(out, a)
    optional[1, 32](a, a, out)
    assert np.array_equal(out, a * a)


@pytest.mark.parametrize(("call", "why"), [
    ("scaled(x, 1, 2, 3)", "lleva 3 argumentos y recibe 4"),
    ("scaled(factor=1)", "lleva 3 argumentos y recibe 1"),
    ("scaled(x, x=1)", "lo recibe dos veces"),
    ("scaled(x, other=1)", "no lo tiene"),
])  # fmt: skip
def test_a_wrong_call_says_why(call, why):
    text = f"@cuda.jit\ndef k(out):\n    x = 1.5\n    out[0] = {call}\n"
    kernel = sim.load_source(text, names={"cuda": cuda, "scaled": scaled})["k"]
    with pytest.raises(KernelTypeError, match=why):
        kernel[1, 1](np.zeros(1))


@cuda.jit
def sums(a, k, out):
    out[0] = sum((a[0], a[1], a[2]))
    out[1] = sum((k[0], k[1]))
    out[2] = sum((a[0], a[1]), a[2])


def test_sum_of_a_tuple_starts_from_the_integer_zero():
    a, k = np.array([1e8, 1, -1e8], f4), np.array([2**31 - 1, 5], np.int32)
    out = np.zeros(3)
    sums[1, 1](a, k, out)
    # La primera es float64 (0 + float32); la tercera, float32: pierde el 1.
    assert out.tolist() == [1.0, 2.0**31 + 4, float(f4(f4(-1e8) + f4(1e8)) + f4(1))]
