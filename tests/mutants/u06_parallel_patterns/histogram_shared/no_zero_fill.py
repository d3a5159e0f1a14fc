# expect: wrong_values, uninitialized
# Cuenta sobre memoria compartida que nadie puso en cero.
import numpy as np
from numba import cuda

BINS = 64


@cuda.jit
def histogram_shared(x, counts):
    local = cuda.shared.array(BINS, np.int32)
    t = cuda.threadIdx.x
    for i in range(cuda.grid(1), x.size, cuda.gridsize(1)):
        value = x[i]
        if value >= 0 and value < BINS:
            cuda.atomic.add(local, value, 1)
    cuda.syncthreads()
    for b in range(t, BINS, cuda.blockDim.x):
        cuda.atomic.add(counts, b, local[b])
