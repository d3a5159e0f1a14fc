import numpy as np
from numba import cuda

BINS = 64


@cuda.jit
def histogram_shared(x, counts):
    local = cuda.shared.array((2, BINS), np.int32)
    t = cuda.threadIdx.x
    for b in range(t, 2 * BINS, cuda.blockDim.x):
        local[b // BINS, b % BINS] = 0
    cuda.syncthreads()
    copy = (t // 32) % 2
    for i in range(cuda.grid(1), x.size, cuda.gridsize(1)):
        value = x[i]
        if 0 <= value < BINS:
            cuda.atomic.add(local, (copy, value), 1)
    cuda.syncthreads()
    for b in range(t, BINS, cuda.blockDim.x):
        cuda.atomic.add(counts, b, local[0, b] + local[1, b])
