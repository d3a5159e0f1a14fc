import numpy as np
from numba import cuda

BLOCK = 128
WARPS = BLOCK // 32
FULL = 0xFFFFFFFF


@cuda.jit
def scan_block(x, out):
    totals = cuda.shared.array(WARPS, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    lane, warp = t % 32, t // 32
    value = x[i] if i < x.size else np.float32(0)
    for k in range(5):
        left = cuda.shfl_up_sync(FULL, value, 1 << k)
        if lane >= 1 << k:
            value += left
    if lane == 31:
        totals[warp] = value
    cuda.syncthreads()
    for w in range(warp):
        value += totals[w]
    if i < x.size:
        out[i] = value
