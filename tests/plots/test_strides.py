"""Las figuras de zancadas dicen lo que hace el acceso: cuentas hechas a mano."""

from __future__ import annotations

import numpy as np
import pytest

from urdimbre.errors import ArgumentError
from urdimbre.observe import Trace
from urdimbre.plots import strides, style


def strided(hand, stride: int) -> Trace:
    """Un warp que toca ``a[stride * i]`` en float32."""
    trace, lanes = Trace(), hand.lanes_of((1, 1, 1), (32, 1, 1))
    trace.begin(hand.launch((1, 1, 1), (32, 1, 1)))
    hand.store_1d(trace, hand.array("a", (4096,)), lanes, stride * hand.thread_numbers(lanes), True)
    return trace


def fills(figure) -> list[str]:
    """El color de cada casilla, en orden."""
    boxes = [p for p in figure.axes[0].patches if p.get_width() == 1]
    return [style.matplotlib.colors.to_hex(p.get_facecolor()).upper() for p in boxes]


# Con 8 renglones de 128 B hay 256 palabras. Con zancada s se piden 32 palabras, de las que caben
# 256 / s; viajan los sectores de 8 palabras que las contienen, y lo demás no viaja.
@pytest.mark.parametrize(
    ("stride", "asked", "carried"),
    [(1, 32, 0), (2, 32, 32), (4, 32, 96), (8, 32, 224), (16, 16, 112)],
)
def test_the_window_paints_what_is_asked_and_what_travels(hand, stride, asked, carried):
    colors = fills(strides.memory_window(strided(hand, stride), "a"))
    assert len(colors) == 256
    assert colors.count(style.USED.upper()) == asked
    assert colors.count(style.SKY.upper()) == carried


def test_windows_of_different_strides_have_the_same_size(hand):
    drawn = [strides.memory_window(strided(hand, s), "a") for s in (1, 8)]
    assert tuple(drawn[0].get_size_inches()) == tuple(drawn[1].get_size_inches())


def test_a_warp_that_does_not_take_part_is_an_error(hand):
    with pytest.raises(ArgumentError, match="no toca «b»"):
        strides.memory_window(strided(hand, 1), "b")


def test_the_curve_draws_the_points_it_is_given():
    figure = strides.curve({"float32": {1: 4.0, 0: 1.0, 2: 8.0}}, "zancada")
    line = figure.axes[0].lines[0]
    assert list(line.get_xdata()) == [0, 1, 2]
    assert list(line.get_ydata()) == [1.0, 4.0, 8.0]


def matrix_reads(by_rows: bool) -> Trace:
    from urdimbre import sim
    from urdimbre.observe import record
    from urdimbre.sim import facade as cuda

    @cuda.jit
    def rows(a, out):
        lane = cuda.threadIdx.x
        for c in range(lane, a.shape[1], 32):
            out[lane] = a[0, c]

    @cuda.jit
    def columns(a, out):
        row = cuda.threadIdx.x
        for c in range(a.shape[1]):
            out[row] = a[row, c]

    kernel = sim.as_kernel(rows if by_rows else columns)
    return record(kernel[1, 32], np.zeros((32, 64), np.float32), np.zeros(32, np.float32))


def test_turns_tell_when_each_element_is_read():
    along = strides.turns(matrix_reads(by_rows=True), "a")
    assert along[0].tolist() == [0] * 32 + [1] * 32
    assert (along[1:] == -1).all()
    down = strides.turns(matrix_reads(by_rows=False), "a")
    assert (down == np.arange(64)[None, :]).all()
    with pytest.raises(ArgumentError, match="no lee una matriz «out»"):
        strides.turns(matrix_reads(by_rows=True), "out")


def test_the_reading_order_has_a_panel_per_trace():
    traces = {"filas": matrix_reads(True), "columnas": matrix_reads(False)}
    figure = strides.reading_order(traces, "a", corner=(8, 40))
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["filas", "columnas"]
    assert figure.axes[0].images[0].get_array().shape[:2] == (8, 40)
