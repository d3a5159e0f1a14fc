"""La barrera de toda la malla."""

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import BarrierError, LaunchError, UnsupportedError
from urdimbre.observe import Racecheck
from urdimbre.sim import facade as cuda

cg = cuda.cg


@cuda.jit
def relax(a, b, steps):
    group = cg.this_grid()
    i = cuda.grid(1)
    for _ in range(steps):
        left = a[i - 1] if i > 0 else 0.0
        right = a[i + 1] if i < a.size - 1 else 0.0
        b[i] = left + right
        group.sync()
        a[i] = b[i]
        group.sync()


def test_blocks_see_what_the_others_wrote_before_the_barrier():
    a = np.random.default_rng(1).integers(0, 3, 256).astype(np.float64)
    expected = a.copy()
    for _ in range(5):
        expected = np.r_[0.0, expected[:-1]] + np.r_[expected[1:], 0.0]
    with sim.options(chunk_lanes=32):
        relax[8, 32](a, np.zeros(256), 5)
    np.testing.assert_array_equal(a, expected)


@cuda.jit
def one_block_misses(a):
    if cuda.blockIdx.x != 2:
        cuda.cg.this_grid().sync()
    a[cuda.grid(1)] = 1


@cuda.jit
def half_a_block_misses(a):
    if cuda.threadIdx.x < 16:
        cuda.cg.this_grid().sync()
    a[cuda.grid(1)] = 1


@pytest.mark.parametrize("kernel", [one_block_misses, half_a_block_misses])
def test_a_barrier_that_some_never_reach_is_an_error(kernel):
    with pytest.raises(BarrierError, match="barrera"):
        kernel[4, 32](np.zeros(128))


def test_more_blocks_than_fit_at_once_is_a_launch_error():
    with pytest.raises(LaunchError, match="270336"):
        relax[1000, 1024](np.zeros(1000 * 1024), np.zeros(1000 * 1024), 1)


def test_the_shuffled_order_refuses_it():
    with sim.options(schedule_seed=1), pytest.raises(UnsupportedError, match="toda la malla"):
        relax[2, 32](np.zeros(64), np.zeros(64), 1)


@cuda.jit
def shift_grid(a, b):
    i = cuda.grid(1)
    b[i] = a[i - 1]
    cuda.cg.this_grid().sync()
    a[i] = b[i]


@cuda.jit
def shift_block(a, b):
    i = cuda.grid(1)
    b[i] = a[i - 1]
    cuda.syncthreads()
    a[i] = b[i]


@pytest.mark.parametrize(("kernel", "races"), [(shift_grid, 0), (shift_block, 1)])
def test_racecheck_knows_what_each_barrier_orders(kernel, races):
    seen = Racecheck(spaces=("global",))
    with sim.observing(seen):
        kernel[4, 32](np.arange(128.0), np.zeros(128))
    assert len(seen.findings) == races
