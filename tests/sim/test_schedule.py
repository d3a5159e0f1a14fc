"""El orden sorteado de los warps: no cambia un kernel sin carreras y delata al que las tiene."""

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import UnsupportedError
from urdimbre.sim import facade as cuda

N = 128


@cuda.jit
def reverse(a, out):
    s = cuda.shared.array(N, np.float32)
    t = cuda.threadIdx.x
    s[t] = a[cuda.grid(1)]
    cuda.syncthreads()
    out[cuda.grid(1)] = s[N - 1 - t]


@cuda.jit
def reverse_without_barrier(a, out):
    s = cuda.shared.array(N, np.float32)
    t = cuda.threadIdx.x
    s[t] = a[cuda.grid(1)]
    out[cuda.grid(1)] = s[N - 1 - t]


@cuda.jit
def tree_sum(a, out):
    s = cuda.shared.array(N, np.float32)
    t = cuda.threadIdx.x
    s[t] = a[cuda.grid(1)]
    cuda.syncthreads()
    k = N // 2
    while k > 0:
        if t < k:
            s[t] += s[t + k]
        cuda.syncthreads()
        k //= 2
    if cuda.blockIdx.x < 2:
        for turn in range(2):
            cuda.syncthreads()
            if turn == 1:
                continue
            if t == 0:
                out[cuda.blockIdx.x] = s[0]


A = np.random.default_rng(0).normal(size=3 * N).astype(np.float32)


def run(kernel, seed):
    out = np.full(3 * N, np.nan, np.float32)
    with sim.options(schedule_seed=seed, chunk_lanes=2 * N):
        kernel[3, N](A, out)
    return out


@pytest.mark.parametrize("kernel", [reverse, tree_sum])
def test_a_race_free_kernel_does_not_notice(kernel):
    expected = run(kernel, None)
    for seed in range(6):
        np.testing.assert_array_equal(run(kernel, seed), expected)


def test_a_racy_kernel_shows_wrong_numbers_and_the_seed_repeats_them():
    right = run(reverse, None)
    np.testing.assert_array_equal(run(reverse_without_barrier, None), right)
    outs = [run(reverse_without_barrier, seed) for seed in range(6)]
    assert all(not np.array_equal(out, right) for out in outs)
    assert len({out.tobytes() for out in outs}) > 1
    again = run(reverse_without_barrier, 3)
    np.testing.assert_array_equal(again, outs[3])


@cuda.jit
def counts(a, out):
    i = cuda.grid(1)
    t = cuda.threadIdx.x
    many = cuda.syncthreads_count((a[i] > 0 and 1) or 0) + t
    if cuda.syncthreads_or((t == 70 and 1) or 0):
        out[i] = many + cuda.syncthreads_and(1)


@cuda.jit(device=True)
def shared_mirror(s, value, t):
    s[t] = value
    cuda.syncthreads()
    other = s[N - 1 - t]
    cuda.syncthreads()
    return other


@cuda.jit
def mirror_twice(a, out):
    s = cuda.shared.array(N, np.float32)
    t = cuda.threadIdx.x
    half = shared_mirror(s, a[cuda.grid(1)], t) * np.float32(0.5)
    out[cuda.grid(1)] = half + shared_mirror(s, half, t)


@pytest.mark.parametrize("kernel", [counts, mirror_twice])
def test_votes_and_barriers_inside_functions_wait_too(kernel):
    expected = run(kernel, None)
    assert not np.isnan(expected).any()
    for seed in range(4):
        np.testing.assert_array_equal(run(kernel, seed), expected)


@cuda.jit
def sometimes(a, out):
    i = cuda.grid(1)
    out[i] = a[i] > 0 and cuda.syncthreads_count(1) > 3


def test_what_cannot_be_interleaved_is_refused():
    with pytest.raises(UnsupportedError, match="línea aparte"):
        run(sometimes, 1)


@cuda.jit
def arrival(counter, turn):
    if cuda.threadIdx.x == 0:
        turn[cuda.blockIdx.x] = cuda.atomic.add(counter, 0, 1)


def arrivals(seed, blocks):
    counter, turn = np.zeros(1, np.int32), np.full(blocks, -1, np.int32)
    with sim.options(schedule_seed=seed):
        arrival[blocks, 64](counter, turn)
    return turn


@pytest.mark.parametrize("blocks", [1, 2, 7, 20, 33])
def test_with_a_seed_the_blocks_also_run_in_another_order(blocks):
    """Cada bloque toma su turno una sola vez; sin semilla, en su orden."""
    whole = list(range(blocks))
    assert arrivals(None, blocks).tolist() == whole
    drawn = [arrivals(seed, blocks).tolist() for seed in range(6)]
    assert all(sorted(turn) == whole for turn in drawn)
    assert blocks == 1 or any(turn != whole for turn in drawn)
    assert arrivals(3, blocks).tolist() == drawn[3]
