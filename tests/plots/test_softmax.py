"""Las figuras de la unidad 10: los pares (m, d) y lo que se dibuja con ellos."""

import math

import numpy as np
import pytest

from urdimbre.plots import softmax
from urdimbre.plots.softmax import Pair

ROW = [0.5, 2.0, -1.0, -np.inf, 3.5, 1.5, 3.0, 0.0]


def direct(values):
    """El par de unos valores sin recurrencia: el máximo, y la suma medida desde él."""
    top = max(values)
    return top, math.fsum(math.exp(v - top) for v in values) if top > -np.inf else 0.0


def test_running_pairs_are_those_of_each_beginning():
    for k, pair in enumerate(softmax.running_pairs(ROW), start=1):
        top, total = direct(ROW[:k])
        assert pair.m == top and pair.d == pytest.approx(total, rel=1e-14)


def test_merge_is_associative_and_has_an_identity():
    a, b, c, nothing = Pair(5, 2), Pair(7, 1), Pair(-3, 4), Pair(-np.inf, 0)
    one = softmax.merge(softmax.merge(a, b), c)
    other = softmax.merge(a, softmax.merge(b, c))
    assert one.m == other.m == 7 and one.d == pytest.approx(other.d, rel=1e-14)
    assert softmax.merge(a, nothing) == softmax.merge(nothing, a) == a
    assert softmax.merge(nothing, nothing) == nothing


@pytest.mark.parametrize("size", [1, 2, 5, 8])
def test_the_root_of_the_tree_is_the_pair_of_the_row(size):
    levels = softmax.merge_levels(ROW[:size])
    top, total = direct(ROW[:size])
    assert len(levels[0]) == size and len(levels[-1]) == 1
    assert levels[-1][0].m == top and levels[-1][0].d == pytest.approx(total, rel=1e-14)


def texts(fig):
    return [text.get_text() for ax in fig.axes for text in ax.texts]


def test_the_walk_has_a_figure_and_a_sentence_for_each_value():
    figures, said = softmax.walk(ROW[:5])
    assert len(figures) == len(said) == 5
    assert len({tuple(f.get_size_inches()) for f in figures}) == 1
    assert said[0] == "Llega 0,5, el primero: m = 0,5 y d = 1."
    # exp(0,5 − 2) = 0,223 y 0,223 + 1 = 1,22.
    assert "exp(0,5 − 2) = 0,223" in said[1] and said[1].endswith("d = 1,22.")
    assert "enmascarada" in said[3]
    assert {"m = 2", "d = 1,27"} <= set(texts(figures[2]))
    # Abajo, un tramo por término; su suma es d.
    widths = [bar.get_width() for bar in figures[4].axes[1].patches]
    assert sum(widths) == pytest.approx(direct(ROW[:5])[1], rel=1e-12)
    figures[4].savefig("/dev/null", format="png")


def test_a_row_that_starts_masked_has_no_line():
    figures, said = softmax.walk([-np.inf, 1.0])
    assert "enmascarada" in said[0]
    assert not any(text.startswith("m =") for text in texts(figures[0]))


def test_the_tree_shows_the_root():
    fig = softmax.merge_tree(ROW)
    assert texts(fig)[-1] == "3,5\n2,06"
    fig.savefig("/dev/null", format="png")


def test_the_range_of_exp_is_the_one_of_float32():
    ticks = [label.get_text() for label in softmax.exp_range().axes[0].get_xticklabels()]
    assert ticks == ["−104", "0", "88,7"]
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(np.float32(88.8))) and np.isfinite(np.exp(np.float32(88.7)))
        assert np.exp(np.float32(-104)) == 0 < np.exp(np.float32(-103))


def test_the_bars_of_the_traffic_are_the_numbers():
    fig = softmax.traffic({"a": 24.0, "b": 3.0}, {"a": 8.0, "b": 1.0}, least=2)
    bars = [patch.get_width() for patch in fig.axes[0].patches]
    assert bars == [24.0, 8.0, 3.0, 1.0]
    assert texts(fig) == ["24 + 8", "3 + 1"]
    fig.savefig("/dev/null", format="png")


def test_each_line_of_errors_has_its_mark():
    fig = softmax.errors([1, 10], {"uno": [1e-7, 1e-5], "dos": [0.0, 1e-7]}, "media")
    lines = fig.axes[0].lines[:2]
    assert [line.get_marker() for line in lines] == ["o", "s"]
    assert lines[0].get_ydata().tolist() == [1e-7, 1e-5]
    fig.savefig("/dev/null", format="png")


def test_the_gap_between_the_two_gelus_is_in_ten_thousandths():
    x = np.linspace(-1, 1, 5)
    fig = softmax.gelu_forms(x, x, x + 2e-4)
    assert fig.axes[1].lines[1].get_ydata() == pytest.approx([2.0] * 5)
    fig.savefig("/dev/null", format="png")
