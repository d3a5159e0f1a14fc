"""Lo que se calcula en float64, contado y señalado, aunque no sea FLOP."""

import math

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.observe import Counters, Doubles
from urdimbre.sim import facade as cuda

f4 = np.float32


@cuda.jit
def divides(x, y):
    i = cuda.grid(1)
    y[i] = x[i] / 3.0


@cuda.jit
def by_an_integer(x, y):
    i = cuda.grid(1)
    y[i] = x[i] / x.size


@cuda.jit
def root(x, y):
    i = cuda.grid(1)
    y[i] = math.sqrt(np.float64(x[i]))


@cuda.jit
def biggest(x, y):
    i = cuda.grid(1)
    y[i] = max(x[i], 0.0)


@cuda.jit
def compares_with_zero(x, y):
    i = cuda.grid(1)
    if x[i] > 0.0:
        y[i] = x[i]


@cuda.jit
def compares_with_a_tenth(x, y):
    i = cuda.grid(1)
    if x[i] > 0.1:
        y[i] = x[i]


@cuda.jit
def stays_single(x, y):
    i = cuda.grid(1)
    y[i] = math.sqrt(x[i] / f4(3)) + max(x[i], f4(0)) * 2.5 if x.size < 0 else x[i]


@cuda.jit
def accumulates(x, y):
    i = cuda.grid(1)
    total = 0.0
    total += x[i]
    y[i] = total * total


@cuda.jit
def squares(x, y):
    i = cuda.grid(1)
    wide = np.float64(x[i])
    y[i] = wide * wide


def watched(kernel):
    doubles, counters = Doubles(), Counters()
    with sim.observing(doubles, counters):
        kernel[2, 32](np.ones(64, f4), np.ones(64, f4))
    return doubles, counters


@pytest.mark.parametrize(
    ("kernel", "per_lane"),
    [
        (divides, 1),
        (by_an_integer, 1),
        (root, 1),
        (biggest, 1),
        (compares_with_zero, 0),  # en el PTX, setp.leu.f32
        (compares_with_a_tenth, 1),  # setp.leu.f64: 0.1 no cabe en float32
        (stays_single, 0),
        (accumulates, 2),
    ],
    ids=lambda x: getattr(x, "__name__", str(x)),
)
def test_every_operation_in_double_counts_and_flop_stays_as_it_was(kernel, per_lane):
    doubles, counters = watched(kernel)
    assert doubles.operations == 64 * per_lane
    assert counters.total.flop_double == (128 if kernel is accumulates else 0)


def line_of(kernel, text: str) -> int:
    code = kernel.py_func.__code__
    with open(code.co_filename, encoding="utf-8") as file:
        lines = file.read().splitlines()
    return next(n for n, x in enumerate(lines, 1) if n > code.co_firstlineno and text in x)


def test_the_line_and_the_types_are_named():
    (place,) = watched(by_an_integer)[0].places
    said, quoted = place.splitlines()
    line = line_of(by_an_integer, "y[i]")
    assert said == f"Línea {line}: calcula en float64 a partir de un float32 y un int64."
    assert quoted.endswith("| y[i] = x[i] / x.size")


def test_a_constant_is_named_as_such():
    (place,) = watched(divides)[0].places
    assert "un float32 y una constante de 64 bits" in place


def test_only_the_line_where_it_starts_is_shown():
    # El producto de dos float64 sigue a la suma que ensanchó; no es la causa.
    (place,) = watched(accumulates)[0].places
    assert place.startswith(f"Línea {line_of(accumulates, 'total +=')}: ")
    assert "un float32 y un float64" in place


def test_if_nothing_widens_every_line_is_shown():
    (place,) = watched(squares)[0].places
    assert "calcula en float64 a partir de un float64." in place
