# Los warps con shuffles; las ocho casillas las suma un hilo.
import numpy as np
from numba import cuda

BLOCK = 256
FULL = 0xFFFFFFFF


@cuda.jit
def reduce_block(x, out):
    parts = cuda.shared.array(8, np.float32)
    t = cuda.threadIdx.x
    value = np.float32(0)
    start = cuda.blockIdx.x * 2 * BLOCK
    for i in range(start + t, min(start + 2 * BLOCK, x.size), BLOCK):
        value += x[i]
    for step in (16, 8, 4, 2, 1):
        value += cuda.shfl_down_sync(FULL, value, step)
    if cuda.laneid == 0:
        parts[t // 32] = value
    cuda.syncthreads()
    if t == 0:
        total = np.float32(0)
        for w in range(BLOCK // 32):
            total += parts[w]
        out[cuda.blockIdx.x] = total
