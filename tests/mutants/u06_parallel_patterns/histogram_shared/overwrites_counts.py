# expect: wrong_values
# Reemplaza las cuentas de antes en vez de sumarles.
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
        if value >= 0 and value < BINS:
            cuda.atomic.add(local, value, 1)
    cuda.syncthreads()
    for b in range(t, BINS, cuda.blockDim.x):
        counts[b] = local[b]
