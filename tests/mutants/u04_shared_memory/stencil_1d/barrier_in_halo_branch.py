# expect: divergent_barrier
# Solo esperan los hilos que cargan el halo.
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
    tile[t + RADIUS] = x[i] if i < n else zero
    if t < RADIUS:
        left = i - RADIUS
        right = i + BLOCK
        tile[t] = x[left] if left >= 0 else zero
        tile[t + BLOCK + RADIUS] = x[right] if right < n else zero
        cuda.syncthreads()
    if i < n:
        total = zero
        for k in range(2 * RADIUS + 1):
            total += weights[k] * tile[t + k]
        out[i] = total
