"""Las muestras de Compute Sanitizer, escritas en Numba: la rota y la arreglada.

Fuente: ``Racecheck`` y ``Synccheck`` de ``NVIDIA/compute-sanitizer-samples``.
"""

import numpy as np

from urdimbre.observe import sanitize
from urdimbre.sim import facade as cuda

i4 = np.int32
FULL = 0xFFFFFFFF
SIZE = 16


@cuda.jit
def block_error(out):
    s = cuda.shared.array(128, i4)
    t = cuda.threadIdx.x
    s[t] = t
    if t == 0:
        out[0] = 0
        for i in range(128):
            out[0] += s[i]


@cuda.jit
def block_mended(out):
    s = cuda.shared.array(128, i4)
    t = cuda.threadIdx.x
    s[t] = t
    cuda.syncthreads()
    if t == 0:
        out[0] = 0
        for i in range(128):
            out[0] += s[i]


@cuda.jit
def warp_error(out):
    s, sums = cuda.shared.array(64, i4), cuda.shared.array(2, i4)
    t = cuda.threadIdx.x
    s[t] = t
    if t % 32 == 0:
        total = i4(0)
        for i in range(32):
            total += s[t + i]
        sums[t // 32] = total
    cuda.syncthreads()
    if t == 0:
        out[0] = sums[0] + sums[1]


@cuda.jit
def warp_mended(out):
    s, sums = cuda.shared.array(64, i4), cuda.shared.array(2, i4)
    t = cuda.threadIdx.x
    s[t] = t
    cuda.syncwarp()
    if t % 32 == 0:
        total = i4(0)
        for i in range(32):
            total += s[t + i]
        sums[t // 32] = total
    cuda.syncthreads()
    if t == 0:
        out[0] = sums[0] + sums[1]


@cuda.jit
def divergent_threads(x, out):
    s = cuda.shared.array(64, i4)
    t = cuda.threadIdx.x
    total = i4(0)
    for start in range(0, x.size, 64):
        if start + t < x.size:
            s[t] = x[start + t]
            cuda.syncthreads()
            total += s[t]
    cuda.atomic.add(out, 0, total)


@cuda.jit
def divergent_mended(x, out):
    s = cuda.shared.array(64, i4)
    t = cuda.threadIdx.x
    total = i4(0)
    for start in range(0, x.size, 64):
        if start + t < x.size:
            s[t] = x[start + t]
        cuda.syncthreads()
        if start + t < x.size:
            total += s[t]
    cuda.atomic.add(out, 0, total)


@cuda.jit
def illegal_syncwarp(out):
    s = cuda.shared.array(32, i4)
    t = cuda.threadIdx.x
    mask = cuda.ballot_sync(FULL, t < SIZE)
    if t <= SIZE:
        s[t] = t
        cuda.syncwarp(mask)
        if t == 0:
            for i in range(SIZE):
                out[0] += s[i]


@cuda.jit
def legal_syncwarp(out):
    s = cuda.shared.array(32, i4)
    t = cuda.threadIdx.x
    mask = cuda.ballot_sync(FULL, t < SIZE)
    if t < SIZE:
        s[t] = t
        cuda.syncwarp(mask)
        if t == 0:
            for i in range(SIZE):
                out[0] += s[i]


@cuda.jit
def half_a_shuffle(x):
    t = cuda.threadIdx.x
    if t < 16:
        x[t] += cuda.shfl_down_sync(FULL, x[t], 1)


@cuda.jit
def whole_shuffle(x):
    t = cuda.threadIdx.x
    other = cuda.shfl_down_sync(FULL, x[t], 1)
    if t < 16:
        x[t] += other


def line_of(kernel, offset):
    return kernel.py_func.__code__.co_firstlineno + offset


def test_block_error():
    # El hilo 0 lee lo que escribieron los otros 127.
    out = np.zeros(1, i4)
    (race,) = sanitize(block_error[1, 128], out)
    assert (race.kind, race.detail["hazard"], race.count) == ("race", "RAW", 127)
    assert (race.other_line, race.line) == (line_of(block_error, 4), line_of(block_error, 8))
    assert sanitize(block_mended[1, 128], out) == [] and out[0] == 127 * 64


def test_warp_error():
    # El primer hilo de cada warp lee lo de los otros 31: 2 x 31.
    out = np.zeros(1, i4)
    (race,) = sanitize(warp_error[1, 64], out)
    assert (race.kind, race.detail["hazard"], race.count) == ("race", "RAW", 62)
    assert sanitize(warp_mended[1, 64], out) == [] and out[0] == 63 * 32


def test_divergent_threads():
    # 100 elementos de 64 en 64: en la segunda vuelta llegan los hilos 0 a 35.
    x, out = np.ones(100, i4), np.zeros(1, i4)
    (found,) = sanitize(divergent_threads[1, 64], x, out)
    assert (found.kind, found.detail["reason"]) == ("divergent_barrier", "branch")
    assert (found.detail["arrived"], found.threads) == (36, ((36, 0, 0),))
    out[0] = 0
    assert sanitize(divergent_mended[1, 64], x, out) == [] and out[0] == 100


def test_illegal_syncwarp():
    # El hilo 16 llega y la máscara nombra a 0 ... 15.
    out = np.zeros(1, i4)
    (found,) = sanitize(illegal_syncwarp[1, 32], out)
    assert (found.kind, found.detail["reason"]) == ("divergent_barrier", "warp_unnamed")
    assert (found.line, found.threads) == (line_of(illegal_syncwarp, 7), ((16, 0, 0),))
    out[0] = 0
    assert sanitize(legal_syncwarp[1, 32], out) == [] and out[0] == 120


def test_a_shuffle_that_names_absent_lanes():
    # Compute Sanitizer no lo detecta; aquí sí. Del hilo 16 en adelante nadie llega.
    x = np.arange(32, dtype=np.float32)
    (found,) = sanitize(half_a_shuffle[1, 32], x)
    assert (found.kind, found.detail["reason"]) == ("divergent_barrier", "warp_missing")
    assert (found.threads, found.detail["lanes"]) == (((16, 0, 0),), 16)
    assert sanitize(whole_shuffle[1, 32], x) == []
