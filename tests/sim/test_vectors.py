"""Tipos vectoriales: construir, leer las partes y elegir."""

import numpy as np
import pytest

from urdimbre.errors import KernelTypeError
from urdimbre.sim import facade as cuda


@cuda.jit(device=True)
def axpy(k, v, w):
    return cuda.float32x4(k * v.x + w.x, k * v.y + w.y, k * v.z + w.z, k * v.w + w.w)


@cuda.jit
def combine(a, out):
    i = cuda.grid(1)
    pair = cuda.float32x2(a[i, 0], a[i, 1])
    v = cuda.float4(pair, a[i, 2], a[i, 3])
    w = axpy(2, v, cuda.float32x4(1, cuda.float2(2, 3), 4))
    if i % 2:
        w = cuda.float32x4(w.w, w.z, w.y, w.x)
    low = cuda.uint8x2(300, i)
    out[i, 0], out[i, 1], out[i, 2], out[i, 3] = w.x, w.y, w.z, w.w
    out[i, 4] = low.x + low.y


def test_vectors_in_registers():
    a = np.random.default_rng(0).integers(-9, 9, (64, 4)).astype(np.float32)
    out = np.zeros((64, 5))
    combine[2, 32](a, out)
    expected = 2 * a + np.array([1, 2, 3, 4], np.float32)
    expected[1::2] = expected[1::2, ::-1]
    np.testing.assert_array_equal(out[:, :4], expected)
    np.testing.assert_array_equal(out[:, 4], 300 % 256 + np.arange(64))


def refused(body):
    source = f"@cuda.jit\ndef k(a):\n    v = cuda.float32x2(1, 2)\n    {body}\n"
    from urdimbre import sim

    return sim.load_source("from numba import cuda, float32\n" + source)["k"]


# Todas las rechaza también el compilador de numba-cuda 0.30.4.
@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("v.x = 3", "se construye de nuevo"),
        ("a[0] = v[0]", "no se puede indexar"),
        ("a[0] = (v + v).x", "no admite float32x2"),
        ("a[0] = len(v)", "no tiene longitud"),
        ("a[0] = v.z", "no tiene «z»"),
        ("w = cuda.float32x3(1, 2)", "lleva 3 números"),
        ("w = cuda.float64x2(v)", "no se construye con"),
        ("x, y = v", "tupla"),
        ("a[0] = v == v", "número"),
        ("s = cuda.shared.array(4, cuda.float32x2)", "tipo no se reconoce"),
    ],
)
def test_what_numba_does_not_compile(body, text):
    with pytest.raises(KernelTypeError, match=text) as caught:
        refused(body)[1, 1](np.zeros(2, np.float32))
    assert caught.value.line == 5
