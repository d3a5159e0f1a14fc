"""La fila de una atómica y el error de cada orden, como se dibujan."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import ArgumentError
from urdimbre.observe import profile, record
from urdimbre.plots import summation
from urdimbre.sim import facade as cuda


@cuda.jit
def spread_out(slots, out):
    i = cuda.grid(1)
    if i >= 2:
        cuda.atomic.add(out, i % slots, 1)


def launched(slots):
    return sim.as_kernel(spread_out)[1, 32], slots, np.zeros(slots, np.int32)


@pytest.mark.parametrize("slots", [1, 5, 8, 32])
def test_the_deepest_pass_is_the_one_that_is_counted(slots):
    rank = summation.passes(record(*launched(slots)), "out")
    assert rank[:2].tolist() == [-1, -1]
    assert rank.max() + 1 == profile(*launched(slots)).total.atomic_passes
    for turn in range(rank.max() + 1):
        served = np.flatnonzero(rank == turn) % slots
        assert len(set(served)) == len(served) > 0


def test_each_panel_says_its_passes():
    fig = summation.queue({"una": record(*launched(1)), "cada quien": record(*launched(32))}, "out")
    titles = [ax.get_title(loc="left") for ax in fig.axes]
    assert titles == ["una: 30 pasadas", "cada quien: 1 pasada"]
    assert [len(ax.patches) for ax in fig.axes] == [31, 31]


def test_without_atomics_it_says_so():
    with pytest.raises(ArgumentError, match="no hace atómicas sobre «x»"):
        summation.passes(record(*launched(1)), "x")


def test_spread_has_a_point_per_run():
    fig = summation.spread({"a": [-1.0, 0.5, 2.0], "b": [0.0]}, "unidad")
    ax = fig.axes[0]
    assert ax.lines[0].get_xdata().tolist() == [-1.0, 0.5, 2.0]
    assert ax.lines[1].get_xdata().tolist() == [0.0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]


def test_growth_draws_each_error_with_its_bound():
    fig = summation.growth([4, 8], {"a": [1e-7, 2e-7]}, {"a": [1e-6, 3e-6]})
    points, bound = fig.axes[0].lines
    assert points.get_ydata().tolist() == [1e-7, 2e-7]
    assert bound.get_ydata().tolist() == [1e-6, 3e-6]
    assert (points.get_label(), bound.get_label()) == ("a", "cota, a")
