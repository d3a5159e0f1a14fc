# expect: over_limit:atomic_lanes
# Los warps juntan sus sumas con atómicas: el orden queda al azar.
import numpy as np
from numba import cuda

BLOCK = 256
FULL = 0xFFFFFFFF


@cuda.jit
def reduce_block(x, out):
    total = cuda.shared.array(1, np.float32)
    t = cuda.threadIdx.x
    if t == 0:
        total[0] = 0.0
    cuda.syncthreads()
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
        cuda.atomic.add(total, 0, value)
    cuda.syncthreads()
    if t == 0:
        out[cuda.blockIdx.x] = total[0]
