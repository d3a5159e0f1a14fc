"""El techo dibujado: los puntos están donde dicen las cuentas."""

import pytest

from urdimbre.observe.roofline import CARDS, Roofline
from urdimbre.plots.roofline import roofline


def point(name, flop, moved, card="H100", double=False):
    return Roofline(name, flop, moved, moved, CARDS[card], double)


def test_points_and_roof_are_where_the_numbers_say():
    # 1 FLOP por byte: 3,35 TFLOP/s. 100: el pico, 67.
    fig = roofline([point("suma", 10, 10), point("matmul", 1000, 10)])
    (ax,) = fig.axes
    roof, ridge, *marks = ax.lines
    assert [(m.get_label(), m.get_xdata()[0], m.get_ydata()[0]) for m in marks] == [
        ("suma", 1.0, pytest.approx(3.35)),
        ("matmul", 100.0, 67.0),
    ]
    assert max(roof.get_ydata()) == 67.0 and ridge.get_xdata()[0] == pytest.approx(20)
    assert {t.get_text().strip() for t in ax.texts} == {"limita el cálculo", "limita la memoria"}
    assert "H100 en float32" in ax.get_title(loc="left")
    fig.savefig("/dev/null", format="png")


def test_mixing_cards_or_nothing_is_refused():
    for points in ([], [point("a", 1, 1), point("a", 1, 1, "L4")]):
        with pytest.raises(ValueError, match="misma tarjeta"):
            roofline(points)
