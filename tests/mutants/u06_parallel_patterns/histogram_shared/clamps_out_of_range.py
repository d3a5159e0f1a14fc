# expect: wrong_values
# Lleva lo que está fuera de rango a la primera y la última casilla.
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
    for i in range(cuda.grid(1), x.size, cuda.gridsize(1)):
        value = x[i]
        value = max(0, min(BINS - 1, value))
        cuda.atomic.add(local, value, 1)
    cuda.syncthreads()
    for b in range(t, BINS, cuda.blockDim.x):
        cuda.atomic.add(counts, b, local[b])
