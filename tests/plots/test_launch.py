"""Las figuras de lanzamiento dibujan lo que dice la traza, y nada más."""

from __future__ import annotations

from itertools import pairwise

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from urdimbre.observe import Trace
from urdimbre.plots import latency, launch, style
from urdimbre.sim.events import Access


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def texts(ax) -> list[str]:
    return [t.get_text() for t in ax.texts]


def cells(ax, **wanted) -> list[Rectangle]:
    boxes = [p for p in ax.patches if isinstance(p, Rectangle)]
    return [p for p in boxes if all(getattr(p, f"get_{k}")() == v for k, v in wanted.items())]


def test_blocks_1d_writes_the_index_of_every_active_thread(hand):
    fig = launch.blocks_1d(hand.guarded_1d(20, blocks=3, threads=8), "a")
    assert texts(fig.axes[0]) == [str(i) for i in range(20)]


def test_blocks_1d_hatches_exactly_the_idle_threads(hand):
    fig = launch.blocks_1d(hand.guarded_1d(20, blocks=3, threads=8), "a")
    idle = cells(fig.axes[0], hatch=style.IDLE_HATCH)
    assert sorted((p.get_x(), p.get_y()) for p in idle) == [(t, 2) for t in range(4, 8)]


def test_an_unknown_array_names_the_ones_there_are(hand):
    with pytest.raises(ValueError, match="«b»; tiene: a"):
        launch.blocks_1d(hand.guarded_1d(4, blocks=1, threads=4), "b")


def trace_2d(hand, shape, grid, block) -> Trace:
    """``if x < cols and y < rows: a[y, x] = 0``."""
    trace, lanes = Trace(), hand.lanes_of(grid, block)
    trace.begin(hand.launch(grid, block))
    t = np.arange(lanes.shape[1] * 32, dtype=np.int64).reshape(1, -1, 32)
    b = np.arange(lanes.shape[0], dtype=np.int64).reshape(-1, 1, 1)
    x = b % grid[0] * block[0] + t % block[0]
    y = b // grid[0] * block[1] + t // block[0]
    info = hand.array("a", shape)
    address = info.address + 4 * (y * shape[1] + x)
    mask = (x < shape[1]) & (y < shape[0])
    trace.on_access(Access("store", 3, info, address, mask, 4, lanes, (y, x)))
    return trace


def test_blocks_2d_paints_one_cell_per_element_and_hatches_the_rest(hand):
    fig = launch.blocks_2d(trace_2d(hand, (10, 21), (3, 3, 1), (8, 4, 1)), "a")
    ax = fig.axes[0]
    idle = cells(ax, hatch=style.IDLE_HATCH)
    painted = [p for p in cells(ax) if p.get_fill() and p not in idle]
    assert len(painted) == 10 * 21
    assert len(idle) == 24 * 12 - 10 * 21
    assert all(p.get_x() >= 21 or p.get_y() >= 10 for p in idle)


def test_blocks_2d_names_blocks_by_x_then_y(hand):
    fig = launch.blocks_2d(trace_2d(hand, (10, 21), (3, 3, 1), (8, 4, 1)), "a")
    assert texts(fig.axes[0]) == [f"({x}, {y})" for y in range(3) for x in range(3)]


def test_block_warps_numbers_threads_by_x_first_and_cuts_every_32(hand):
    ax = launch.block_warps(trace_2d(hand, (4, 16), (1, 1, 1), (16, 4, 1))).axes[0]
    assert texts(ax) == [str(t) for t in range(64)]
    colors = {(p.get_x(), p.get_y()): p.get_facecolor() for p in cells(ax)}
    rows = [{colors[x, y] for x in range(16)} for y in range(4)]
    assert rows[0] == rows[1] != rows[2] == rows[3]
    assert all(len(row) == 1 for row in rows)


def test_warp_masks_shows_each_step_with_its_lanes(hand):
    trace, lanes = Trace(), hand.lanes_of((1, 1, 1), (32, 1, 1))
    trace.begin(hand.launch((1, 1, 1), (32, 1, 1)))
    i = hand.thread_numbers(lanes)
    info = hand.array("a", (32,))
    hand.store_1d(trace, info, lanes, i, i % 2 == 0)
    hand.store_1d(trace, info, lanes, i, i % 2 == 1)
    ax = launch.warp_masks(trace).axes[0]
    on = [(p.get_x(), p.get_y()) for p in cells(ax) if p.get_facecolor()[:3] == blue()]
    assert sorted(on) == sorted((lane, lane % 2) for lane in range(32))
    assert ax.get_yticklabels()[0].get_text() == "a[i] = 0\nescribe"


def test_warp_masks_leaves_out_steps_without_lanes(hand):
    trace, lanes = Trace(), hand.lanes_of((1, 1, 1), (64, 1, 1))
    trace.begin(hand.launch((1, 1, 1), (64, 1, 1)))
    i = hand.thread_numbers(lanes)
    info = hand.array("a", (64,))
    hand.store_1d(trace, info, lanes, i, i < 32)
    hand.store_1d(trace, info, lanes, i, i >= 0)
    assert len(launch.warp_masks(trace, warp=0).axes[0].get_yticks()) == 2
    assert len(launch.warp_masks(trace, warp=1).axes[0].get_yticks()) == 1


def blue() -> tuple[float, ...]:
    return matplotlib.colors.to_rgb(style.BLUE)


def test_timelines_draws_a_bar_per_run_of_equal_state():
    states = np.array([[1, 1, 0, 0, 1], [-1, -1, 1, 1, 0]], dtype=np.int8)
    ax = latency.timelines([states], ["dos grupos"]).axes[0]
    assert [(p.get_x(), p.get_y(), p.get_width()) for p in cells(ax)] == [
        (0, 0, 2),
        (2, 0, 2),
        (4, 0, 1),
        (0, 1, 2),
        (2, 1, 2),
        (4, 1, 1),
    ]


def test_text_stays_readable_when_the_figure_is_390_pixels_wide():
    # 72 puntos por pulgada; en una pantalla de 390 px la página deja unos 360 a la figura.
    assert style.FONT * 360 / (72 * style.WIDTH) >= 10


def test_consecutive_tints_differ_in_grayscale():
    rgb = [matplotlib.colors.to_rgb(tint) for tint in style.TINTS]
    gray = [0.299 * r + 0.587 * g + 0.114 * b for r, g, b in rgb]
    assert all(abs(a - b) > 0.08 for a, b in pairwise([*gray, gray[0]]))


def test_a_figure_shows_itself_as_png_and_says_its_size_on_screen():
    data, size = style.figure(1.0)[0]._repr_png_()
    assert data.startswith(b"\x89PNG")
    assert 0.8 * 96 * style.WIDTH <= size["width"] <= 1.1 * 96 * style.WIDTH


def test_a_figure_leaves_nothing_behind_in_pyplot():
    style.figure(1.0)
    assert plt.get_fignums() == []
