"""Tuplas, ``match``, vistas y formas: lo mismo que hace Python con los mismos números."""

import numpy as np
import pytest

from urdimbre.errors import KernelRuntimeError, KernelTypeError, UnsupportedError
from urdimbre.sim import facade as cuda


def joins(a, b, c):
    t = (a, b) + (c,)
    u = t[1:] + (a, b) * 2
    return u[0] * 100 + u[1] * 10 + u[-1] + len(u) * 1000


def compares(a, b, c):
    t = (a, b)
    score = 0
    if t == (b, a):
        score += 1
    if t != (a, c):
        score += 2
    if t < (b, c):
        score += 4
    if (a, b, c) >= (a, c):
        score += 8
    if a in (1, 3, 5):
        score += 16
    if b not in (2, 4):
        score += 32
    if t < (a, b, c):
        score += 64
    return score


def choices(a, b, c):
    out = 0
    match a:
        case 0:
            out = 1
        case 1 | 2 if b > 2:
            out = 2
        case 3 | 4 as x:
            out = 10 * x
        case -1:
            out = 5
        case y if y > c:
            out = y * 100
        case _:
            out = -7
    match a > b:
        case True:
            out += 1000
    return out


def larger(a, b, c):
    t = (a, b, c)
    return max(*t) * 10 + min(*t[:2], c)


FUNCTIONS = (joins, compares, choices, larger)
DEVICE = {f.__name__: cuda.jit(f, device=True) for f in FUNCTIONS}


def launched(fn):
    device = DEVICE[fn.__name__]

    @cuda.jit
    def kernel(a, b, c, out):
        i = cuda.grid(1)
        if i < out.size:
            out[i] = device(a[i], b[i], c[i])

    return kernel


@pytest.mark.parametrize("fn", FUNCTIONS)
def test_the_same_as_python(fn):
    a, b, c = np.random.default_rng(4).integers(-2, 6, (3, 500), dtype=np.int64)
    out = np.zeros(500, np.int64)
    launched(fn)[4, 128](a, b, c, out)
    assert out.tolist() == [fn(*row) for row in zip(a.tolist(), b.tolist(), c.tolist())]


@cuda.jit
def attributes(a, b, out):
    out[0], out[1], out[2] = a.strides
    out[3], out[4] = b.T.strides
    out[5] = a.nbytes
    out[6] = a[1].T[1, 0]
    out[7] = a[..., 1][1, 2]
    out[8] = b.reshape(2, -1)[1, 0]
    out[9] = a.reshape((a.size,))[7]
    out[10] = b[::2, 1:].strides[0]


def test_attributes_of_an_array():
    a = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    b = np.arange(16, dtype=np.int16).reshape(8, 2)
    out = np.zeros(11, np.int64)
    attributes[1, 1](a, b, out)
    expected = [*a.strides, *b.T.strides, a.nbytes, a[1].T[1, 0], a[..., 1][1, 2]]
    expected += [b.reshape(2, -1)[1, 0], a.reshape(-1)[7], b[::2, 1:].strides[0]]
    assert out.tolist() == expected


@cuda.jit
def fills(a, b):
    i = cuda.grid(1)
    a[i, 1:, :] = i
    a[i, 0] = -i
    b[...] = 3
    v = a[i, 1, 1:3]
    v[0] += 10
    v[1] -= 10


def test_filling_and_updating_views():
    a, b = np.full((4, 3, 5), 99, np.int32), np.zeros((2, 2), np.int64)
    expected = a.copy()
    for i in range(4):
        expected[i, 1:, :], expected[i, 0] = i, -i
        expected[i, 1, 1] += 10
        expected[i, 1, 2] -= 10
    fills[1, 4](a, b)
    np.testing.assert_array_equal(a, expected)
    assert (b == 3).all()


@cuda.jit
def slice_update(a):
    a[0:3] += 1


@cuda.jit
def tuple_update(a):
    t = (1, 2)
    t += (3,)
    a[0] = t[2]


@cuda.jit
def search_mixed(a):
    t = (1, 2.5)
    a[0] = 2.5 in t


@cuda.jit
def sequence_pattern(a):
    t = (1, 2)
    match t:
        case (x, y):
            a[0] = x + y


@pytest.mark.parametrize(
    ("kernel", "error", "text"),
    [
        (slice_update, KernelTypeError, "recorre la rebanada con «for»"),
        (tuple_update, KernelTypeError, r"t = t \+ u"),
        (search_mixed, KernelTypeError, "de un tipo"),
        (sequence_pattern, UnsupportedError, "no compila en Numba"),
    ],
)
def test_what_numba_does_not_compile(kernel, error, text):
    with pytest.raises(error, match=text):
        kernel[1, 1](np.zeros(9))


@cuda.jit
def bad_reshape(a):
    a[0] = a.T.reshape(6)[0] if a.ndim == 2 else a[0]


def test_reshape_needs_contiguous_memory():
    with pytest.raises(KernelRuntimeError, match="contiguo"):
        bad_reshape[1, 1](np.zeros((2, 3)))
