"""Operaciones de flotantes: cuántas, de qué tipo y en qué línea."""

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.observe import Counters, profile
from urdimbre.sim import facade as cuda
from urdimbre.sim.lanes.run import Run

f4, f8 = np.float32, np.float64


@cuda.jit
def saxpy(a, x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = a * x[i] + y[i]


@cuda.jit
def powers(x, y):
    i = cuda.grid(1)
    y[i] = x[i] ** 2 + x[i] ** 3


@cuda.jit
def not_flops(x, y):
    i = cuda.grid(1)
    y[i] = -abs(x[i]) / max(x[i], f4(3))


@cuda.jit
def fused(x, y):
    i = cuda.grid(1)
    y[i] = cuda.fma(x[i], x[i], y[i])


@cuda.jit
def dot(x, y, out):
    t = cuda.grid(1)
    total = f4(0)
    for _ in range(5):
        total += x[t] * y[t]
    out[t] = total


def counted(kernel, grid, block, *args):
    counters = Counters()
    with sim.observing(counters):
        kernel[grid, block](*args)
    return counters


def test_saxpy():
    # 100 elementos: un producto y una suma por carril activo, 200, en float32.
    counters = counted(saxpy, 4, 32, f4(2), np.ones(100, f4), np.ones(100, f4))
    total = counters.total
    assert (total.flop_half, total.flop_single, total.flop_double) == (0, 200, 0)
    line = saxpy.py_func.__code__.co_firstlineno + 4
    assert {n for n, t in counters.by_line.items() if t.flop} == {line}


def test_the_profile_shows_them_by_line():
    report = profile(saxpy[4, 32], f4(2), np.ones(100, f4), np.ones(100, f4))
    (row,) = [x for x in str(report).splitlines() if x.endswith("y[i] = a * x[i] + y[i]")]
    assert row.split("|")[0].split()[-1] == "200"
    assert "FLOP en float32" in str(report) and "ffma" in str(report)


def test_a_python_literal_makes_it_double():
    # Un float de Python es float64: el producto y la suma también.
    total = counted(saxpy, 4, 32, 2.0, np.ones(100, f4), np.ones(100, f4)).total
    assert (total.flop_single, total.flop_double) == (0, 200)


def test_small_powers_are_products():
    # x ** 2 es un producto, x ** 3 son dos, y una suma: 4 por carril.
    assert counted(powers, 1, 32, np.ones(32, f4), np.ones(32, f4)).total.flop_single == 128


def test_division_and_others_do_not_count():
    assert counted(not_flops, 1, 32, np.ones(32, f4), np.ones(32, f4)).total.flop == 0


def test_an_fma_is_two():
    assert counted(fused, 2, 40, np.ones(80, f8), np.ones(80, f8)).total.flop_double == 160


def test_a_loop_repeats():
    # 5 vueltas x (1 producto + 1 suma) x 64 carriles; los índices son enteros y no cuentan.
    x = np.ones(64, f4)
    assert counted(dot, 2, 32, x, x, x.copy()).total.flop_single == 640


@pytest.mark.parametrize("lanes", [32, 1 << 15])
def test_chunks_do_not_change_the_count(lanes):
    with sim.options(chunk_lanes=lanes):
        total = counted(saxpy, 4, 32, f4(2), np.ones(100, f4), np.ones(100, f4)).total
    assert total.flop == 200


def test_without_an_observer_nothing_is_announced(monkeypatch):
    def refuse(*_):
        raise AssertionError("se construyó un evento que nadie espera")

    class Other:
        def on_branch(self, event):
            pass

    monkeypatch.setattr(Run, "op", refuse)
    y = np.ones(100, f4)
    with sim.observing(Other()):
        saxpy[4, 32](f4(2), np.ones(100, f4), y)
    saxpy[4, 32](f4(2), np.ones(100, f4), y)
    assert np.array_equal(y, np.full(100, 5, f4))
    with pytest.raises(Exception, match="se construyó"), sim.observing(Counters()):
        saxpy[4, 32](f4(2), np.ones(100, f4), y)
