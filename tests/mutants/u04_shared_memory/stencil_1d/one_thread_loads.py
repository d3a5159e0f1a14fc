# expect: over_limit:global_load_sectors
# Un solo hilo llena la tesela.
import numpy as np
from numba import cuda

BLOCK = 128
RADIUS = 3
TILE = BLOCK + 2 * RADIUS


@cuda.jit
def stencil_1d(x, weights, out):
    tile = cuda.shared.array(TILE, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    n = x.size
    zero = np.float32(0)
    if t == 0:
        for j in range(TILE):
            source = i + j - RADIUS
            tile[j] = x[source] if source >= 0 and source < n else zero
    cuda.syncthreads()
    if i < n:
        total = zero
        for k in range(2 * RADIUS + 1):
            total += weights[k] * tile[t + k]
        out[i] = total
