# expect: wrong_values
# El primer segmento lee offsets[-1]: recibe el total de todos.
import numpy as np
from numba import cuda

BLOCK = 64


@cuda.jit
def scan_blocks(x, out, sums):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    tile[t] = x[i] if i < x.size else np.float32(0)
    cuda.syncthreads()
    step = 1
    while step < BLOCK:
        left = np.float32(0)
        if t >= step:
            left = tile[t - step]
        cuda.syncthreads()
        tile[t] += left
        cuda.syncthreads()
        step *= 2
    if i < x.size:
        out[i] = tile[t]
    if t == 0:
        sums[cuda.blockIdx.x] = tile[BLOCK - 1]


@cuda.jit
def add_offsets(out, offsets):
    b = cuda.blockIdx.x
    i = cuda.grid(1)
    if i < out.size:
        out[i] += offsets[b - 1]
