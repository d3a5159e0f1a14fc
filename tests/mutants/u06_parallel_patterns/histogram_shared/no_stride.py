# expect: wrong_values
# Cada hilo cuenta un solo dato.
import numpy as np
from numba import cuda

BINS = 64


@cuda.jit
def histogram_shared(x, counts):
    local = cuda.shared.array(BINS, np.int32)
    t = cuda.threadIdx.x
    for b in range(t, BINS, cuda.blockDim.x):
        local[b] = 0
    cuda.syncthreads()
    i = cuda.grid(1)
    if i < x.size:
        value = x[i]
        if value >= 0 and value < BINS:
            cuda.atomic.add(local, value, 1)
    cuda.syncthreads()
    for b in range(t, BINS, cuda.blockDim.x):
        cuda.atomic.add(counts, b, local[b])
