"""Enumeraciones, tuplas con nombres, funciones y tipos como argumentos, y vistas de los bytes.

Todo esto compila con numba-cuda 0.30; los valores se comparan con los de Python o NumPy.
"""

import cmath
import enum
import operator
from collections import namedtuple

import numpy as np
import pytest

from urdimbre.errors import ArgumentError, KernelRuntimeError, KernelTypeError
from urdimbre.observe import sanitize
from urdimbre.sim import facade as cuda


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 5


Point = namedtuple("Point", "x y")
WHOLE = 16


@cuda.jit(device=True)
def choose(is_red):
    return Color.RED if is_red else Color.GREEN


def test_members_of_an_enum():
    @cuda.jit
    def k(out, given, level):
        i = cuda.threadIdx.x
        out[i, 0] = Color.RED == Color.GREEN
        out[i, 1] = Color["RED"] is Color.RED
        out[i, 2] = choose(i > 1) != Color.RED
        out[i, 3] = given == Color.GREEN
        out[i, 4] = given.value + Level.HIGH
        out[i, 5] = level

    out = np.full((3, 6), -1, np.int64)
    k[1, 3](out, Color.GREEN, Level.HIGH)
    assert out.tolist() == [[0, 1, int(i <= 1), 1, 7, 5] for i in range(3)]


def test_a_member_only_compares_with_its_own_class():
    @cuda.jit
    def k(out, given):
        out[0] = given == 2

    with pytest.raises(KernelTypeError, match=r"miembro de Color y int64.*\.value"):
        k[1, 1](np.zeros(1), Color.GREEN)


def test_named_tuples():
    @cuda.jit
    def k(out, p, nested):
        q = Point(p.y, y=cuda.threadIdx.x)
        out[0] = q.x + q.y + p[0]
        out[1] = nested.x.y
        x, _ = p
        out[2] = x

    out = np.zeros(3)
    k[1, 1](out, Point(1, 2.5), Point(Point(3, 4), None))
    assert out.tolist() == [3.5, 4, 1]


def test_arrays_inside_a_tuple_come_back():
    @cuda.jit
    def k(arrays):
        i = cuda.grid(1)
        if i <= arrays[0].size:
            arrays[0][i] = arrays[1][i] + 1

    a, b = np.zeros(4, np.int32), np.arange(4, dtype=np.int32)
    found = sanitize(k[1, 5], (a, b))[0]
    assert a.tolist() == [1, 2, 3, 4]
    assert found.kind == "out_of_bounds"


@cuda.jit(device=True)
def tile(n, kind, value):
    s = cuda.shared.array(n, kind)
    s[0] = value
    return s[0] + s.size


@cuda.jit(device=True)
def apply(f, x):
    return f(x)


@cuda.jit(device=True)
def square(x):
    return x * x


def test_functions_types_and_constants_as_arguments():
    @cuda.jit
    def k(out, x):
        n = 8
        out[0] = tile(WHOLE, np.int32, x)
        out[1] = tile(n, np.float32, x)
        out[2] = apply(square, x)

        def more(y):
            return y + 1

        out[3] = apply(more, x)

    out = np.zeros(4, np.float32)
    k[1, 1](out, 2.5)
    assert out.tolist() == [18, 10.5, 6.25, 3.5]


def test_a_size_that_is_not_constant_is_still_refused():
    @cuda.jit
    def k(out, n):
        out[0] = tile(n, np.int32, 1)

    with pytest.raises(KernelTypeError, match="entero literal"):
        k[1, 1](np.zeros(1), 3)


def test_a_function_that_sees_the_kernel_does_not_travel():
    @cuda.jit
    def k(out):
        shift = cuda.threadIdx.x

        def moved(x):
            return x + shift

        out[0] = apply(moved, 1)

    with pytest.raises(KernelTypeError, match="«shift» no se puede pasar"):
        k[1, 1](np.zeros(1))


@pytest.mark.parametrize("space", [0, 1, 2])
def test_the_parts_of_an_array_of_complex(space):
    @cuda.jit
    def k(z):
        i = cuda.threadIdx.x
        s, t = cuda.shared.array(4, np.complex64), cuda.local.array(4, np.complex64)
        a = z if space == 0 else (s if space == 1 else t)
        a[i] = z[i]
        cuda.atomic.add(a.real, i, 10)
        a.imag[i] *= 2
        z[i] = a[i]

    z = np.array([1 + 2j, 3 - 1j, 0, 5j], np.complex64)
    want = (z.real + 10) + 2j * z.imag
    k[1, 4](z)
    np.testing.assert_array_equal(z, want)


@pytest.mark.parametrize(("old", "new"), [("u1", "i4"), ("i4", "u1"), ("f4", "i4"), ("i2", "f8")])
def test_the_same_bytes_with_another_type(old, new):
    a = np.random.default_rng(3).integers(0, 255, 64, np.uint8).view(old)
    want = a[8:].view(new)
    kind = np.dtype(new).type

    @cuda.jit
    def k(a, out):
        i = cuda.threadIdx.x
        v = a[8:].view(kind)
        if i < v.size:
            out[i] = v[i]

    out = np.zeros(want.shape, new)
    k[1, 64](a, out)
    assert out.tobytes() == want.tobytes()


def test_a_view_that_does_not_fit():
    @cuda.jit
    def k(a, out):
        out[0] = a[1:].view(np.int32)[0]

    with pytest.raises(KernelRuntimeError, match="no se puede ver como int32"):
        k[1, 1](np.zeros(8, np.uint8), np.zeros(1, np.int32))


def test_an_index_outside_of_a_tuple():
    @cuda.jit
    def k(a, out):
        i = cuda.threadIdx.x
        if i == 2:
            out[i] = a.shape[-i]

    with pytest.raises(IndexError, match=r"tid=\[0, 0, 2\]"):
        k[1, 3](np.zeros(2), np.zeros(3))


def test_an_argument_that_is_an_enum_of_texts():
    texts = enum.Enum("texts", {"A": "a"})
    with pytest.raises(ArgumentError, match="texts"):
        square_all[1, 1](texts.A)


@cuda.jit
def square_all(a):
    pass


def test_an_array_and_its_element_are_not_one_type():
    @cuda.jit
    def k(a, out):
        x = a if a.size > 2 else a[0]
        out[0] = x

    with pytest.raises(KernelTypeError, match="No hay un tipo común"):
        k[1, 1](np.zeros(3), np.zeros(1))


def test_an_array_of_bool_is_not_a_condition():
    @cuda.jit
    def k(a):
        if a:
            a[0] = False

    with pytest.raises(KernelTypeError, match="Se esperaba un número"):
        k[1, 1](np.zeros(3, np.bool_))


def test_a_branch_that_the_shape_decides_is_not_typed():
    @cuda.jit
    def k(a, t):
        a[0, 0] = a[1, 0] if a.ndim == 2 else a[0]
        if len(t) == 2:
            a[0, 1] = t[1]
        else:
            a[0, 1] = t[2]

    a = np.arange(4, dtype=np.float64).reshape(2, 2)
    k[1, 1](a, (5, 6))
    assert a.tolist() == [[2, 6], [2, 3]]


class Planet(enum.Enum):
    VENUS = (4.8e24, 6.0e6)
    EARTH = (5.9e24, 6.3e6)


def test_members_whose_values_are_tuples():
    @cuda.jit
    def k(a, out):
        out[0] = a is Planet.EARTH
        out[1] = a == Planet.VENUS

    out = np.zeros(2)
    k[1, 1](Planet.EARTH, out)
    assert out.tolist() == [1, 0]


OPERATORS = [operator.add, operator.floordiv, operator.isub, operator.xor, operator.le]


@pytest.mark.parametrize("op", OPERATORS, ids=lambda op: op.__name__)
def test_the_operator_module(op):
    @cuda.jit
    def k(out):
        i = cuda.grid(1)
        out[i] = op(i - 3, 2) + operator.neg(i) * operator.not_(i)

    out = np.zeros(8, np.int64)
    k[1, 8](out)
    assert out.tolist() == [int(op(i - 3, 2)) for i in range(8)]


def test_a_renamed_function_is_still_found():
    def first(out):
        out[0] = 7

    first.__name__ = "second"
    out = np.zeros(1)
    cuda.jit(first)[1, 1](out)
    assert out[0] == 7


def test_a_signature_wraps_its_integers():
    @cuda.jit("void(int32, b1[:])")
    def k(x, out):
        out[0] = x == -1

    out = np.zeros(1, np.bool_)
    k[1, 1](0xFFFFFFFF, out)
    assert out[0]


def test_logarithms_and_limits_of_complex_numbers():
    @cuda.jit
    def k(z, out):
        out[0] = cmath.log(z[0], 2)
        out[1] = cmath.exp(z[1])
        out[2] = cmath.rect(0.0, z[1].imag)
        out[3] = cmath.rect(z[1].imag, 0.0)

    out = np.full(4, np.nan, np.complex128)
    k[1, 1](np.array([1 + 2j, complex(-np.inf, np.inf)]), out)
    want = [cmath.log(1 + 2j, 2), 0j, 0j, complex(np.inf, 0)]
    assert np.allclose(out, want, rtol=1e-15)
    assert not np.signbit(out[1:].real).any() and not np.signbit(out[1:].imag).any()


@pytest.mark.parametrize("lengths", [(3,), (2, 2)])
def test_an_array_goes_into_a_field_that_is_one(lengths):
    dtype = np.dtype([("n", np.int32), ("v", np.int16, lengths)], align=True)

    @cuda.jit
    def k(rows, src):
        rows[1]["v"] = src

    rows, src = np.zeros(2, dtype), np.arange(12, dtype=np.int16)[: np.prod(lengths)]
    k[1, 1](rows, src.reshape(lengths))
    assert rows["v"][1].tolist() == src.reshape(lengths).tolist()
    assert not rows["v"][0].any()


@cuda.jit("int32(int32, int32)", device=True)
def packed(high, low):
    return (high << 8) | low


def test_a_device_function_with_a_signature_converts_its_arguments():
    @cuda.jit
    def k(parts, out):
        out[0] = packed(parts[0], parts[1])

    out = np.zeros(1, np.int32)
    k[1, 1](np.array([2.9, 7.2], np.float32), out)
    assert out[0] == (2 << 8 | 7)
