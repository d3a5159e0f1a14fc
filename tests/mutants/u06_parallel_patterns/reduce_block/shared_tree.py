# expect: over_limit:barriers
# Suma por mitades en memoria compartida, con una barrera por paso.
import numpy as np
from numba import cuda

BLOCK = 256
FULL = 0xFFFFFFFF


@cuda.jit
def reduce_block(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    i = cuda.blockIdx.x * 2 * BLOCK + t
    value = np.float32(0)
    if i < x.size:
        value += x[i]
    if i + BLOCK < x.size:
        value += x[i + BLOCK]
    tile[t] = value
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if t < step:
            tile[t] += tile[t + step]
        cuda.syncthreads()
        step //= 2
    if t == 0:
        out[cuda.blockIdx.x] = tile[0]
