# expect: over_limit:global_load_requests
# Cada casilla vuelve a leer todos los datos.
import numpy as np
from numba import cuda

BINS = 64


@cuda.jit
def histogram_shared(x, counts):
    local = cuda.shared.array(BINS, np.int32)
    t = cuda.threadIdx.x
    for b in range(t, BINS, cuda.blockDim.x):
        local[b] = 0
        for i in range(cuda.blockIdx.x, x.size, cuda.gridDim.x):
            if x[i] == b:
                local[b] += 1
    cuda.syncthreads()
    for b in range(t, BINS, cuda.blockDim.x):
        cuda.atomic.add(counts, b, local[b])
