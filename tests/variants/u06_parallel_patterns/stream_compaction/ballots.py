import numpy as np
from numba import cuda

BLOCK = 128
WARPS = BLOCK // 32
FULL = 0xFFFFFFFF


@cuda.jit
def stream_compaction(x, out, counts):
    totals = cuda.shared.array(WARPS, np.int32)
    t = cuda.threadIdx.x
    lane, warp = t % 32, t // 32
    row = cuda.blockIdx.x
    base = 0
    for start in range(0, x.shape[1], BLOCK):
        i = start + t
        value = x[row, i] if i < x.shape[1] else np.float32(0)
        votes = cuda.ballot_sync(FULL, value > np.float32(0))
        before = cuda.popc(votes & ((1 << lane) - 1))
        if lane == 0:
            totals[warp] = cuda.popc(votes & FULL)
        cuda.syncthreads()
        for w in range(WARPS):
            if w < warp:
                before += totals[w]
        if value > np.float32(0):
            out[row, base + before] = value
        for w in range(WARPS):
            base += totals[w]
        cuda.syncthreads()
    if t == 0:
        counts[row] = base
