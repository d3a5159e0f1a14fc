"""Quién ejecuta cada línea: carriles activos por instrucción, con las cuentas a mano."""

import numpy as np
import pytest

from urdimbre.observe import profile
from urdimbre.sim import facade as cuda

f4 = np.float32


@cuda.jit
def halves(x):
    i = cuda.grid(1)
    if cuda.laneid < 8:
        x[i] = 1
    else:
        x[i] = 2
    x[i] += 1


@cuda.jit
def interleaved(x, out):
    s = cuda.shared.array(256, f4)
    t = cuda.threadIdx.x
    s[t] = x[t]
    cuda.syncthreads()
    step = 1
    while step < 256:
        if t % (2 * step) == 0:
            s[t] += s[t + step]
        cuda.syncthreads()
        step *= 2
    if t == 0:
        out[0] = s[0]


@cuda.jit
def contiguous(x, out):
    s = cuda.shared.array(256, f4)
    t = cuda.threadIdx.x
    s[t] = x[t]
    cuda.syncthreads()
    step = 128
    while step > 0:
        if t < step:
            s[t] += s[t + step]
        cuda.syncthreads()
        step //= 2
    if t == 0:
        out[0] = s[0]


def line_of(kernel, offset):
    return kernel.py_func.__code__.co_firstlineno + offset


def test_instructions_are_statements_and_decisions():
    # 2 bloques de 64: 4 warps. Por warp: la asignación, la decisión, las dos ramas y el +=: 5.
    # Carriles: 32 + 32 + 8 + 24 + 32 = 128 por warp.
    report = profile(halves[2, 64], np.zeros(128, f4))
    total = report.total
    assert (total.warp_instructions, total.thread_instructions) == (20, 4 * 128)
    assert total.lanes_per_instruction == 128 / 5
    by_line = report.counters.by_line
    lanes = [by_line[line_of(halves, n)].lanes_per_instruction for n in (2, 3, 4, 6, 7)]
    assert lanes == [32, 32, 8, 24, 32]


def test_activity_says_which_lanes():
    report = profile(halves[2, 64], np.zeros(128, f4))
    found = report.activity.by_place
    first, second = found[line_of(halves, 4)], found[line_of(halves, 6)]
    assert first.by_lane.tolist() == [1.0] * 8 + [0.0] * 24
    assert second.by_lane.tolist() == [0.0] * 8 + [1.0] * 24
    assert (first.warps.tolist(), first.by_warp.tolist()) == ([2, 2], [8.0, 8.0])
    assert first.lanes.shape == (2, 32) and first.lanes.sum() == 2 * 2 * 8


def test_a_partial_warp_and_a_missing_one():
    # 40 hilos: el segundo warp tiene 8. Solo el hilo 0 pasa el «if» final: el warp 1, nunca.
    report = profile(interleaved[1, 40], np.ones(256, f4), np.zeros(1, f4))
    found = report.activity.by_place[line_of(interleaved, 3)]
    assert found.by_warp.tolist() == [32.0, 8.0]
    last = report.activity.by_place[line_of(interleaved, 13)].by_warp
    assert last[0] == 1.0 and np.isnan(last[1])


@pytest.mark.parametrize(
    ("kernel", "lane", "warps"),
    [
        # Paso 1, 2, 4, 8 y 16: los 8 warps, con 16, 8, 4, 2 y 1 carriles. Paso 32, 64 y 128: 4, 2
        # y 1 warps con un carril. 8 * 31 + 7 = 255 sumas en 40 + 7 instrucciones.
        (interleaved, 255 / 47, 47),
        # Paso 128, 64 y 32: 4, 2 y 1 warps llenos. Paso 16, 8, 4, 2 y 1: un warp.
        # 224 + 31 = 255 sumas en 7 + 5 instrucciones.
        (contiguous, 255 / 12, 12),
    ],
)
def test_the_two_reductions(kernel, lane, warps):
    out = np.zeros(1, f4)
    report = profile(kernel[1, 256], np.ones(256, f4), out)
    tally = report.counters.by_line[line_of(kernel, 9)]
    assert out[0] == 256 and report.findings == []
    assert (tally.warp_instructions, tally.thread_instructions) == (warps, 255)
    assert tally.lanes_per_instruction == lane
    # 1 barrera antes del ciclo y 8 dentro, en un bloque.
    assert report.total.barriers_per_block == 9


def test_several_blocks_average_the_barriers():
    report = profile(contiguous[3, 256], np.ones(256, f4), np.zeros(1, f4))
    assert (report.total.barriers, report.total.blocks) == (27, 3)
    assert report.total.barriers_per_block == 9


@cuda.jit
def histogram(x, bins):
    i = cuda.grid(1)
    cuda.atomic.add(bins, x[i], 1)
    cuda.syncwarp()


def test_contention_is_the_lanes_that_share_an_address():
    # Warp 0: los 32 a la casilla 0. Warp 1: de dos en dos. (32 + 2) / 2 = 17.
    x = np.r_[np.zeros(32, np.int32), np.arange(32, dtype=np.int32) // 2]
    total = profile(histogram[1, 64], x, np.zeros(16, np.int32)).total
    assert (total.atomic_contention, total.atomic_max_lanes) == (17.0, 32)
    assert total.warp_syncs == 2


@cuda.jit
def shared_bins(x, out):
    s = cuda.shared.array(64, np.int32)
    t = cuda.threadIdx.x
    s[t], s[t + 32] = 0, 0
    cuda.syncthreads()
    cuda.atomic.add(s, x[t], 1)
    cuda.syncthreads()
    out[t] = s[t]


@pytest.mark.parametrize(
    ("index", "wavefronts"),
    [
        # Cada hilo a su banco, una pasada; todos al mismo elemento, 32; las palabras 0 y 32 son
        # del mismo banco, también 32; de dos en dos, 2.
        (lambda t: t, 1),
        (lambda t: 0 * t, 32),
        (lambda t: 32 * (t % 2), 32),
        (lambda t: t // 2, 2),
    ],
)
def test_wavefronts_of_shared_atomics(index, wavefronts):
    x = index(np.arange(32, dtype=np.int32)).astype(np.int32)
    total = profile(shared_bins[1, 32], x, np.zeros(32, np.int32)).total
    assert (total.shared_atomic_requests, total.shared_atomic_wavefronts) == (1, wavefronts)


@cuda.jit(device=True)
def square(v):
    w = v * v
    return w


@cuda.jit(device=True)
def shifted(v):
    return v + f4(1)


@cuda.jit
def through_functions(x):
    i = cuda.grid(1)
    x[i] = square(shifted(x[i]))


def test_a_function_counts_its_instructions_also_when_it_is_inlined():
    # i, la escritura, el return de «shifted», y las dos líneas de «square»: 5 por warp.
    report = profile(through_functions[1, 64], np.ones(64, f4))
    assert report.total.warp_instructions == 2 * 5
    lines = {(n.function, int(n) - line_of(f, 0)) for n in report.activity.by_place
             for f in (square, shifted) if n.function == f.name}  # fmt: skip
    assert lines == {("square", 2), ("square", 3), ("shifted", 2)}
