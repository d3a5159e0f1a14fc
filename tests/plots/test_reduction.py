"""El árbol que se dibuja es el que recorrió la ejecución."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import ArgumentError
from urdimbre.observe import record
from urdimbre.plots import reduction
from urdimbre.sim import facade as cuda

BLOCK = 64


@cuda.jit
def halves(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    tile[t] = x[t]
    cuda.syncthreads()
    step = cuda.blockDim.x // 2
    while step > 0:
        if t < step:
            tile[t] += tile[t + step]
        cuda.syncthreads()
        step //= 2
    if t == 0:
        out[0] = tile[0]


@cuda.jit
def neighbours(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    tile[t] = x[t]
    cuda.syncthreads()
    step = 1
    while step < cuda.blockDim.x:
        if t % (2 * step) == 0:
            tile[t] += tile[t + step]
        cuda.syncthreads()
        step *= 2
    if t == 0:
        out[0] = tile[0]


def traced(kernel, threads):
    x = np.ones(threads, np.float32)
    return record(sim.as_kernel(kernel)[1, threads], x, np.zeros(1, np.float32))


def test_the_levels_are_the_steps_of_the_kernel():
    found = reduction.levels(traced(halves, 8), "tile")
    assert [[tuple(one) for one in step] for step in found] == [
        [(t, (t, t + 4), t) for t in range(4)],
        [(0, (0, 2), 0), (1, (1, 3), 1)],
        [(0, (0, 1), 0)],
    ]


@pytest.mark.parametrize("kernel", [halves, neighbours])
@pytest.mark.parametrize("threads", [2, 16, 64])
def test_the_first_slot_ends_with_everything(kernel, threads):
    steps = reduction.levels(traced(kernel, threads), "tile")
    assert len(steps) == np.log2(threads)
    counts = reduction.held(steps, threads)
    assert counts[0].tolist() == [1] * threads
    assert [int(c[0]) for c in counts] == [2**k for k in range(len(steps) + 1)]


def test_packing_the_threads_saves_warps():
    # 64 hilos: por mitades, 6 pasos de un warp. Salteados, dos warps en los cinco primeros.
    sums = {k: reduction.warp_sums(reduction.levels(traced(k, 64), "tile")) for k in KERNELS}
    assert sums == {halves: 6, neighbours: 2 * 5 + 1}


KERNELS = (halves, neighbours)


def test_working_threads_tells_the_same():
    fig = reduction.working_threads({"a": traced(halves, 64), "b": traced(neighbours, 64)}, "tile")
    titles = [ax.get_title(loc="left") for ax in fig.axes]
    assert titles == ["a: 6 sumas de warp", "b: 11 sumas de warp"]


def shown(fig):
    return [text.get_text() for text in fig.axes[0].texts]


def test_each_frame_adds_a_step_and_keeps_the_size():
    frames = reduction.tree_frames(traced(halves, 8), "tile")
    assert len(frames) == 4
    assert len({tuple(f.get_size_inches()) for f in frames}) == 1
    assert shown(frames[0]) == ["1"] * 8
    assert shown(frames[3]) == ["1"] * 8 + ["2"] * 4 + ["4"] * 2 + ["8"]


def test_every_line_goes_from_a_source_to_its_target():
    ax = reduction.tree(traced(neighbours, 4), "tile").axes[0]
    ends = sorted((float(a), float(b)) for a, b in (line.get_xdata() for line in ax.lines))
    assert ends == [(0.5, 0.5), (0.5, 0.5), (1.5, 0.5), (2.5, 0.5), (2.5, 2.5), (3.5, 2.5)]


def test_lane_tree_writes_what_lane_zero_holds():
    counts = np.array([[1] * 32, [2] * 32, [4] * 32], np.int64)
    fig = reduction.lane_tree(counts, (16, 8))
    assert shown(fig) == ["1", "2", "4"]
    assert len(fig.axes[0].lines) == 16 + 8


def test_an_array_nobody_reduces_says_so():
    with pytest.raises(ArgumentError, match="no reduce «out»"):
        reduction.levels(traced(halves, 8), "out")
