# Carga la tesela con un ciclo de zancada de bloque.
import numpy as np
from numba import cuda

BLOCK = 128
RADIUS = 3
TILE = BLOCK + 2 * RADIUS


@cuda.jit
def stencil_1d(x, weights, out):
    tile = cuda.shared.array(TILE, np.float32)
    t = cuda.threadIdx.x
    first = cuda.blockIdx.x * BLOCK - RADIUS
    j = t
    while j < TILE:
        source = first + j
        if source >= 0 and source < x.size:
            tile[j] = x[source]
        else:
            tile[j] = 0.0
        j += BLOCK
    cuda.syncthreads()
    i = cuda.grid(1)
    if i >= x.size:
        return
    total = 0.0
    for k in range(weights.size):
        total += tile[t + k] * weights[k]
    out[i] = total
