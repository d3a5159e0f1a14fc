import numpy as np
from numba import cuda

BLOCK = 256
FULL = 0xFFFFFFFF


@cuda.jit
def reduce_block(x, out):
    ### BEGIN SOLUTION
    parts = cuda.shared.array(32, np.float32)
    t = cuda.threadIdx.x
    i = cuda.blockIdx.x * 2 * BLOCK + t
    value = np.float32(0)
    if i < x.size:
        value += x[i]
    if i + BLOCK < x.size:
        value += x[i + BLOCK]
    step = 16
    while step > 0:
        value += cuda.shfl_down_sync(FULL, value, step)
        step //= 2
    if t % 32 == 0:
        parts[t // 32] = value
    cuda.syncthreads()
    if t < 32:
        value = parts[t] if t < BLOCK // 32 else np.float32(0)
        step = 16
        while step > 0:
            value += cuda.shfl_down_sync(FULL, value, step)
            step //= 2
        if t == 0:
            out[cuda.blockIdx.x] = value
    ### END SOLUTION
