"""Ramas que se esperan una a otra: valores, hallazgos, y que nada de la ejecución los cambie.

Cada resultado esperado se escribe hilo por hilo: el compañero de un hilo es ``t ^ 16``.
"""

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import BarrierError
from urdimbre.observe import profile, sanitize
from urdimbre.sim import facade as cuda

N = 96
FULL = 0xFFFFFFFF
T = np.arange(N)
X = (T * 7 % 31).astype(np.float32)
PAIR = X[T ^ 16]


@cuda.jit
def through_memory(x, out):
    s = cuda.shared.array(N, np.float32)
    t = cuda.threadIdx.x
    if t % 32 < 16:
        mine = x[t]
        s[t] = mine
        cuda.syncwarp()
        out[t] = s[t ^ 16] - mine
    else:
        mine = x[t] + x[t]
        s[t] = x[t]
        cuda.syncwarp()
        out[t] = s[t ^ 16] - mine


@cuda.jit
def one_shuffle_each(x, out):
    t = cuda.threadIdx.x
    if t % 32 < 16:
        out[t] = cuda.shfl_xor_sync(FULL, x[t], 16)
    else:
        out[t] = x[t] + cuda.shfl_xor_sync(FULL, x[t], 16)


@cuda.jit(device=True)
def early(v, low):
    if low:
        return cuda.shfl_xor_sync(FULL, v, 16)
    else:
        w = cuda.shfl_xor_sync(FULL, v, 16)
        return w + w


@cuda.jit
def device_returns(x, out):
    t = cuda.threadIdx.x
    out[t] = early(x[t], t % 32 < 16)


@cuda.jit
def three_ways_in_loops(x, out):
    t = cuda.threadIdx.x
    total = np.float32(0)
    if t % 3 == 0:
        for k in range(4):
            if k == 3:
                break
            total += cuda.shfl_xor_sync(FULL, x[t], 16)
    elif t % 3 == 1:
        k = 0
        while k < 3:
            k += 1
            total += cuda.shfl_xor_sync(FULL, x[t], 16)
    else:
        total += cuda.shfl_xor_sync(FULL, x[t], 16)
        total += cuda.shfl_xor_sync(FULL, x[t], 16)
        total += cuda.shfl_xor_sync(FULL, x[t], 16)
    out[t] = total


@cuda.jit
def only_the_odd_warps_split(x, out):
    t = cuda.threadIdx.x
    if t < 48:
        out[t] = cuda.shfl_xor_sync(FULL, x[t], 16)
    else:
        out[t] = cuda.shfl_xor_sync(FULL, x[t], 16) + x[t]


@cuda.jit
def some_leave(x, out):
    t = cuda.threadIdx.x
    if t % 32 < 16:
        out[t] = cuda.ballot_sync(FULL, True)
    elif t % 32 >= 24:
        return
    else:
        out[t] = cuda.ballot_sync(FULL, t % 2 == 0)


@cuda.jit
def quarters_then_all(x, out):
    """La mitad baja se divide y se reúne entre sí dos veces antes de reunirse con la alta."""
    s = cuda.shared.array(N, np.float32)
    t = cuda.threadIdx.x
    lane = t % 32
    if lane < 16:
        if lane < 8:
            v = cuda.shfl_xor_sync(0xFFFF, x[t], 8)
            v = cuda.shfl_xor_sync(0xFFFF, v, 8)
        else:
            v = cuda.shfl_xor_sync(0xFFFF, x[t], 8)
            v = cuda.shfl_xor_sync(0xFFFF, v, 8)
        s[t] = v
        cuda.syncwarp()
        out[t] = s[t ^ 16]
    else:
        s[t] = x[t]
        cuda.syncwarp()
        out[t] = s[t ^ 16]


@cuda.jit
def same_names_in_both(x, out):
    """La variable y el arreglo local de cada rama siguen siendo suyos después de la espera."""
    t = cuda.threadIdx.x
    last = np.float32(0)
    if t % 32 < 16:
        mine = cuda.local.array(2, np.float32)
        mine[1] = x[t]
        k = x[t] + x[t]
        last = x[t]
        got = cuda.shfl_xor_sync(FULL, mine[1], 16)
        out[t] = got + mine[1] - k + last
    else:
        mine = cuda.local.array(2, np.float32)
        mine[1] = -x[t]
        k = -x[t]
        last = x[t] + x[t]
        got = cuda.shfl_xor_sync(FULL, x[t], 16)
        out[t] = got + mine[1] - k
    out[t] += last - x[t]


LOW = T % 32 < 16
VOTE = sum(1 << k for k in [*range(16), *range(16, 24, 2)])
CORRECT = [
    (through_memory, PAIR - np.where(LOW, X, 2 * X)),
    (one_shuffle_each, np.where(LOW, PAIR, X + PAIR)),
    (device_returns, np.where(LOW, PAIR, 2 * PAIR)),
    (three_ways_in_loops, 3 * PAIR),
    (only_the_odd_warps_split, np.where(T < 48, PAIR, PAIR + X)),
    (some_leave, np.where(T % 32 < 24, VOTE, -1)),
    (quarters_then_all, PAIR),
    (same_names_in_both, np.where(LOW, PAIR, PAIR + X)),
]


def launched(kernel, **options):
    out = np.full(N, -1, np.float64)
    with sim.options(**options):
        kernel[1, N](X, out)
    return out


@pytest.mark.parametrize(("kernel", "expected"), CORRECT, ids=lambda k: getattr(k, "name", ""))
def test_branches_that_wait_for_each_other_exchange_values(kernel, expected):
    for seed in (None, 1, 2):
        assert launched(kernel, schedule_seed=seed).tolist() == expected.tolist()
    out = np.full(N, -1, np.float64)
    assert sanitize(kernel[1, N], X, out) == []
    assert out.tolist() == expected.tolist()


@cuda.jit
def many_blocks(x, out):
    t, i = cuda.threadIdx.x, cuda.grid(1)
    if (t + cuda.blockIdx.x) % 32 < 16:
        out[i] = cuda.shfl_sync(FULL, x[t], t + 5)
    else:
        out[i] = -cuda.shfl_sync(FULL, x[t], t + 5)


def test_chunks_and_order_do_not_change_an_exchange():
    results = []
    for changes in ({}, {"chunk_lanes": N}, {"schedule_seed": 3}, {"schedule_seed": 4}):
        out = np.zeros(7 * N, np.float32)
        with sim.options(**changes):
            many_blocks[7, N](X, out)
        results.append(out.tolist())
    block, t = np.divmod(np.arange(7 * N), N)
    got = X[t // 32 * 32 + (t + 5) % 32]
    assert results == [np.where((t + block) % 32 < 16, got, -got).tolist()] * 4


@cuda.jit
def another_operation(x, out):
    t = cuda.threadIdx.x
    if t % 32 < 16:
        out[t] = cuda.shfl_xor_sync(FULL, x[t], 16)
    else:
        out[t] = cuda.shfl_down_sync(FULL, x[t], 16)


@cuda.jit
def another_mask(x, out):
    t = cuda.threadIdx.x
    if t % 32 < 16:
        out[t] = cuda.shfl_xor_sync(FULL, x[t], 16)
    else:
        out[t] = cuda.shfl_xor_sync(0xFFFF0000, x[t], 1)


@cuda.jit
def one_turn_more(x, out):
    t = cuda.threadIdx.x
    if t % 32 < 16:
        for _ in range(3):
            out[t] = cuda.shfl_xor_sync(FULL, x[t], 16)
    else:
        for _ in range(2):
            out[t] = cuda.shfl_xor_sync(FULL, x[t], 16)


@cuda.jit
def in_two_ifs(x, out):
    """Lo que este simulador no junta: la otra mitad llega en otro «if»."""
    t = cuda.threadIdx.x
    if t % 32 < 16:
        out[t] = cuda.shfl_xor_sync(FULL, x[t], 16)
    if t % 32 >= 16:
        out[t] = cuda.shfl_xor_sync(FULL, x[t], 16)


@cuda.jit
def in_a_ternary(x, out):
    """Una espera que no siempre se evalúa no se puede detener: quien falta se nombra."""
    t = cuda.threadIdx.x
    if t % 32 < 16:
        out[t] = cuda.shfl_xor_sync(FULL, x[t], 16) if x[t] >= 0 else x[t]
    else:
        out[t] = cuda.shfl_xor_sync(FULL, x[t], 16) if x[t] >= 0 else x[t]


@pytest.mark.parametrize(
    ("kernel", "lines"),
    [
        (in_a_ternary, [5, 7]),
        (another_operation, [4, 6]),
        (another_mask, [4]),
        (one_turn_more, [5]),
        (in_two_ifs, [5, 7]),
    ],
)
def test_who_is_not_met_in_the_other_branch_is_named(kernel, lines):
    found = sanitize(kernel[1, N], X, np.zeros(N))
    first = kernel.py_func.__code__.co_firstlineno
    assert [(f.line - first, f.detail["reason"]) for f in found] == [
        (line, "warp_missing") for line in lines
    ]
    with pytest.raises(BarrierError, match="ni a la misma operación en la otra rama"):
        launched(kernel)


@cuda.jit
def read_before_meeting(x, out):
    s = cuda.shared.array(N, np.float32)
    t = cuda.threadIdx.x
    if t % 32 < 16:
        s[t] = x[t]
        cuda.syncwarp()
        out[t] = s[t ^ 16]
    else:
        cuda.syncwarp()
        s[t] = x[t]
        out[t] = s[t ^ 16]


def test_what_is_written_after_the_meeting_is_not_seen_and_races():
    unwritten, race = sanitize(read_before_meeting[1, N], X, np.zeros(N))
    assert (unwritten.kind, unwritten.count) == ("uninitialized", N // 2)
    assert (race.detail["hazard"], race.count) == ("WAR", N // 2)


def test_an_exchange_is_one_meeting_of_each_warp():
    assert profile(one_shuffle_each[1, N], X, np.zeros(N)).total.warp_syncs == N // 32
