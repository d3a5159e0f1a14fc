# expect: wrong_values, uninitialized
# Los hilos sin elemento salen antes de llenar su parte de la tesela.
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
    if i >= n:
        return
    tile[t + RADIUS] = x[i]
    if t < RADIUS:
        left = i - RADIUS
        right = i + BLOCK
        tile[t] = x[left] if left >= 0 else 0.0
        tile[t + BLOCK + RADIUS] = x[right] if right < n else 0.0
    cuda.syncthreads()
    total = 0.0
    for k in range(2 * RADIUS + 1):
        total += weights[k] * tile[t + k]
    out[i] = total
