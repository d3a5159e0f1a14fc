# Con un ciclo for y desplazamientos de bits.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def debug_divergent_barrier(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    i = cuda.blockIdx.x * BLOCK + t
    tile[t] = x[i] if i < x.size else np.float32(0)
    for level in range(1, 8):
        cuda.syncthreads()
        half = BLOCK >> level
        if t < half:
            tile[t] = tile[t] + tile[t + half]
    if t == 0:
        out[cuda.blockIdx.x] = tile[0]
