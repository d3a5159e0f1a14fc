# También lleva los pesos a la memoria compartida.
import numpy as np
from numba import cuda

BLOCK = 128
RADIUS = 3
TILE = BLOCK + 2 * RADIUS


@cuda.jit
def stencil_1d(x, weights, out):
    tile = cuda.shared.array(TILE, np.float32)
    taps = cuda.shared.array(7, np.float32)
    t = cuda.threadIdx.x
    i = cuda.blockIdx.x * cuda.blockDim.x + t
    if t < 7:
        taps[t] = weights[t]
    for j in range(t, TILE, BLOCK):
        tile[j] = 0.0
        source = cuda.blockIdx.x * BLOCK + j - RADIUS
        if 0 <= source < x.size:
            tile[j] = x[source]
    cuda.syncthreads()
    if i < x.size:
        total = 0.0
        for k in range(-RADIUS, RADIUS + 1):
            total += tile[t + RADIUS + k] * taps[RADIUS + k]
        out[i] = total
