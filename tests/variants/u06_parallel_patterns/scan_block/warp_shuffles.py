# Dentro del warp con shuffles, y los totales de los warps de la derecha.
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
    own = x[i] if i < x.size else np.float32(0)
    value = own
    for k in range(5):
        right = cuda.shfl_down_sync(FULL, value, 1 << k)
        if lane + (1 << k) < 32:
            value += right
    if lane == 0:
        totals[warp] = value
    cuda.syncthreads()
    for w in range(warp + 1, WARPS):
        value += totals[w]
    if i < x.size:
        out[i] = value - own
