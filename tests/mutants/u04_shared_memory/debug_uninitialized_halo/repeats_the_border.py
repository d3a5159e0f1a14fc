# expect: wrong_values
# Llena los bordes con el elemento más cercano y no con cero.
import numpy as np
from numba import cuda

BLOCK = 128
TILE = BLOCK + 2


@cuda.jit
def debug_uninitialized_halo(x, out):
    tile = cuda.shared.array(TILE, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    last = x.size - 1
    tile[t + 1] = x[min(i, last)]
    if t == 0:
        tile[0] = x[max(i - 1, 0)]
    if t == BLOCK - 1:
        tile[TILE - 1] = x[min(i + 1, last)]
    cuda.syncthreads()
    if i < x.size:
        out[i] = tile[t] + tile[t + 1] + tile[t + 2]
