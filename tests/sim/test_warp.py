"""Operaciones de warp frente a un cálculo carril por carril."""

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import BarrierError, KernelTypeError
from urdimbre.sim import facade as cuda
from urdimbre.sim.supported import FEATURES, YES

FULL = 0xFFFFFFFF


@cuda.jit
def shuffles(a, out):
    i = cuda.grid(1)
    lane = cuda.laneid
    out[0, i] = cuda.shfl_sync(FULL, a[i], 5)
    out[1, i] = cuda.shfl_up_sync(FULL, a[i], 3)
    out[2, i] = cuda.shfl_down_sync(FULL, a[i], 3)
    out[3, i] = cuda.shfl_xor_sync(FULL, a[i], 1)
    out[4, i] = cuda.shfl_sync(FULL, a[i], (lane * 7 + 1) % 32)


def test_shuffles():
    a = np.random.default_rng(1).normal(size=96).astype(np.float32)
    out = np.zeros((5, 96), np.float32)
    shuffles[1, 96](a, out)
    w, k = a.reshape(3, 32), np.arange(32)
    expected = [
        np.repeat(w[:, 5:6], 32, 1),
        w[:, np.where(k >= 3, k - 3, k)],
        w[:, np.where(k + 3 < 32, k + 3, k)],
        w[:, k ^ 1],
        w[:, (k * 7 + 1) % 32],
    ]
    np.testing.assert_array_equal(out, np.reshape(expected, (5, 96)))


@cuda.jit
def warp_sum(a, out):
    i = cuda.grid(1)
    x = a[i] if i < a.size else 0.0
    k = 16
    while k > 0:
        x += cuda.shfl_down_sync(FULL, x, k)
        k //= 2
    if cuda.laneid == 0:
        cuda.atomic.add(out, 0, x)


def test_warp_reduction():
    a = np.arange(100.0)
    out = np.zeros(1)
    warp_sum[2, 64](a, out)
    assert out[0] == a.sum()


@cuda.jit
def votes(a, out, flags):
    i = cuda.grid(1)
    out[0, i] = cuda.ballot_sync(FULL, a[i] > 0)
    out[1, i] = cuda.match_any_sync(FULL, a[i])
    mask, same = cuda.match_all_sync(FULL, a[i])
    out[2, i] = mask
    flags[0, i] = cuda.any_sync(FULL, a[i] > 2)
    flags[1, i] = cuda.all_sync(FULL, a[i] >= 0)
    flags[2, i] = cuda.eq_sync(FULL, a[i] > 0)
    flags[3, i] = same


def test_votes_and_matches():
    a = np.random.default_rng(2).integers(0, 4, 96).astype(np.int32)
    a[32:64] = 3
    out, flags = np.zeros((3, 96), np.int32), np.zeros((4, 96), np.bool_)
    votes[3, 32](a, out, flags)
    for w in range(3):
        lanes = a[32 * w : 32 * w + 32]
        part = slice(32 * w, 32 * w + 32)
        ballot = sum(1 << k for k in range(32) if lanes[k] > 0)
        assert (out[0, part].view(np.uint32) == ballot).all()
        match = [sum(1 << j for j in range(32) if lanes[j] == x) for x in lanes]
        assert out[1, part].view(np.uint32).tolist() == match
        same = len(set(lanes)) == 1
        assert (out[2, part].view(np.uint32) == (FULL if same else 0)).all()
        wanted = [(lanes > 2).any(), True, len(set(lanes > 0)) == 1, same]
        assert flags[:, 32 * w].tolist() == wanted


def test_a_full_ballot_is_minus_one():
    out, flags = np.zeros((3, 32), np.int32), np.zeros((4, 32), np.bool_)
    votes[1, 32](np.ones(32, np.int32), out, flags)
    assert out[0, 0] == -1


@cuda.jit
def block_votes(a, out):
    i = cuda.grid(1)
    out[0, i] = cuda.syncthreads_count(np.int32(a[i] > 0))
    out[1, i] = cuda.syncthreads_and(a[i])
    out[2, i] = cuda.syncthreads_or(a[i])


def test_block_votes_ignore_padding_lanes():
    a = np.r_[np.ones(40), np.zeros(39), 1].astype(np.int32)
    out = np.full((3, 80), -1, np.int32)
    block_votes[2, 40](a, out)
    assert out[:, 0].tolist() == [40, 1, 1]
    assert out[:, 79].tolist() == [1, 0, 1]


@cuda.jit
def bit_functions(a, out):
    i = cuda.grid(1)
    out[0, i] = cuda.popc(a[i])
    out[1, i] = cuda.clz(a[i])
    out[2, i] = cuda.ffs(a[i])
    out[3, i] = cuda.brev(a[i])
    out[4, i] = cuda.popc(-1) * 1000 + cuda.clz(7)


@pytest.mark.parametrize("dtype", [np.int32, np.int64, np.uint32, np.uint64])
def test_bit_functions(dtype):
    bits = np.dtype(dtype).itemsize * 8
    a = np.array([0, 1, 5, 2**30, np.iinfo(dtype).max, np.iinfo(dtype).min], dtype)
    out = np.zeros((5, 6), np.uint64)
    bit_functions[1, 6](a, out)
    for k, x in enumerate(a.tolist()):
        text = f"{x % 2**bits:0{bits}b}"
        wanted = [text.count("1"), (text + "1").index("1"), (text[::-1] + "1").index("1") + 1]
        wanted[2] = 0 if x == 0 else wanted[2]
        assert out[:3, k].tolist() == wanted
        # brev de un int64 se corta a 32 bits: solo uint64 lo hace en 64, como en Numba.
        low = text if dtype == np.uint64 else text[-32:]
        assert int(out[3, k]) == int(low[::-1], 2)
    assert out[4, 0] == 64061


@cuda.jit
def fused(a, b, c, out):
    i = cuda.grid(1)
    out[i] = cuda.fma(a[i], b[i], c[i])


def test_fma_rounds_once():
    from fractions import Fraction

    a, b = np.random.default_rng(3).normal(size=(2, 32))
    c = -(a * b)
    out = np.zeros(32)
    fused[1, 32](a, b, c, out)
    exact = [float(Fraction(x) * Fraction(y) + Fraction(z)) for x, y, z in zip(a, b, c)]
    assert out.tolist() == exact and np.any(out != a * b + c)


@cuda.jit
def misnamed(a):
    if cuda.laneid < 16:
        a[cuda.laneid] = cuda.shfl_down_sync(FULL, a[cuda.laneid], 1)


def test_a_named_lane_that_never_arrives_is_an_error():
    with pytest.raises(BarrierError, match="carril 16 del warp 0"):
        misnamed[1, 32](np.zeros(32, np.float32))


def test_shuffle_refuses_the_types_numba_refuses():
    with pytest.raises(KernelTypeError, match="no admite uint32"):
        shuffles[1, 32](np.zeros(32, np.uint32), np.zeros((5, 32), np.uint32))


def test_every_supported_name_exists_and_every_missing_one_says_why():
    for row in FEATURES:
        owner = shuffles if row.name.startswith("kernel.") else cuda
        parts = row.name.split(".")[1:]
        if row.status == YES:
            for part in parts:
                owner = getattr(owner, part)
        elif row.status == "no" and row.name.startswith("cuda."):
            with pytest.raises(AttributeError, match=r"no está en este simulador"):
                getattr(cuda, parts[0])
    assert sim.facade.shfl_sync is not None
