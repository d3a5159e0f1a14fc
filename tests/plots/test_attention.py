"""Las figuras de la atención dicen lo que dicen sus datos."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import ArgumentError
from urdimbre.observe import record
from urdimbre.plots import attention

SCORES = np.asarray([[1.0, 2.0, 0.5], [3.0, 1.0, 4.0]], np.float64)
STATE = (np.zeros(2), np.ones(2), np.full(2, 2.0), np.full((2, 2), 3.0))
READS_SOME = """
from numba import cuda

@cuda.jit
def reads(k, stop, out):
    t = cuda.threadIdx.x
    for j in range(cuda.blockIdx.x * stop + t, k.shape[0], 4):
        out[t] = k[j, 0]
"""


def words(fig):
    return [text.get_text() for ax in fig.axes for text in ax.texts]


def test_each_weight_is_written_in_its_cell():
    fig = attention.weights(np.asarray([[0.25, 0.75]]), ["a"], ["x", "y"])
    assert words(fig) == ["0,25", "0,75"]
    assert [t.get_text() for t in fig.axes[0].get_xticklabels()] == ["x", "y"]
    with pytest.raises(ArgumentError, match="nombres"):
        attention.weights(np.zeros((2, 2)), ["a"], ["x", "y"])


@pytest.mark.parametrize(
    ("value", "text"), [(-1.5, "−1,50"), (np.inf, "∞"), (-np.inf, "−∞"), (0.0, "0,00")]
)
def test_numbers_are_spanish(value, text):
    assert attention.number(value) == text


def test_curves_draw_the_points_and_the_formula():
    fig = attention.curves([2, 4], {"a": [1, 2], "b": [3, 4]}, ("N", "B"), formulas={"a": [5, 6]})
    drawn = [line.get_ydata().tolist() for line in fig.axes[0].lines]
    assert drawn == [[5, 6], [1, 2], [3, 4], [3, 4]]
    assert fig.axes[0].get_xlabel() == "N"


def test_a_walk_has_a_frame_per_tile_the_start_and_the_division():
    figures, captions = attention.walk(SCORES, [STATE, STATE, STATE], 2)
    assert len(figures) == len(captions) == 4
    assert len({tuple(f.get_size_inches()) for f in figures}) == 1
    first, middle, last = words(figures[0]), words(figures[1]), words(figures[-1])
    assert "1,00" in middle and "2,00" in middle and "4,00" not in middle
    assert "acc 0" in first and "salida 0" in last
    assert last.count("1,50") == 4
    with pytest.raises(ArgumentError, match="3 estados"):
        attention.walk(SCORES, [STATE], 2)


def test_captions_say_how_many_maxima_rise():
    higher = (np.asarray([1.0, 0.0]), *STATE[1:])
    _, captions = attention.walk(SCORES, [STATE, STATE, higher], 2)
    assert "sube un máximo" in captions[2]


def test_the_map_of_tiles_comes_from_the_reads():
    kernel = sim.load_source(READS_SOME)["reads"]
    k, out = np.zeros((12, 2), np.float32), np.zeros(4, np.float32)
    trace = record(kernel[2, 4], k, 8, out)
    loaded = attention.tiles_loaded(trace, 4)
    assert loaded.tolist() == [[True, True, True], [False, False, True]]
    fig = attention.visited({"prueba": trace}, 4, 4)
    assert fig.axes[0].get_title(loc="left") == "prueba: 4 de 6"
    with pytest.raises(ArgumentError, match="nadie lee"):
        attention.tiles_loaded(record(kernel[1, 4], k[:0], 8, out), 4)
