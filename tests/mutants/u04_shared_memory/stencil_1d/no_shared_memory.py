# expect: under_limit:shared_load_requests, over_limit:global_load_sectors
# Lee siete veces cada elemento de la memoria global.
import numpy as np
from numba import cuda

BLOCK = 128
RADIUS = 3
TILE = BLOCK + 2 * RADIUS


@cuda.jit
def stencil_1d(x, weights, out):
    i = cuda.grid(1)
    if i < x.size:
        total = np.float32(0)
        for k in range(2 * RADIUS + 1):
            j = i + k - RADIUS
            if j >= 0 and j < x.size:
                total += weights[k] * x[j]
        out[i] = total
