# expect: over_limit:atomic_requests
# Suma al global en cada vuelta del ciclo y no una vez por bloque.
import numpy as np
from numba import cuda

BINS = 64


@cuda.jit
def histogram_shared(x, counts):
    local = cuda.shared.array(BINS, np.int32)
    t = cuda.threadIdx.x
    for start in range(cuda.blockIdx.x * cuda.blockDim.x, x.size, cuda.gridsize(1)):
        for b in range(t, BINS, cuda.blockDim.x):
            local[b] = 0
        cuda.syncthreads()
        if start + t < x.size:
            value = x[start + t]
            if value >= 0 and value < BINS:
                cuda.atomic.add(local, value, 1)
        cuda.syncthreads()
        for b in range(t, BINS, cuda.blockDim.x):
            cuda.atomic.add(counts, b, local[b])
        cuda.syncthreads()
