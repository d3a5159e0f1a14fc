# expect: wrong_values, out_of_bounds
# Quita las guardas: la tesela se llena con lo que haya fuera del arreglo.
import numpy as np
from numba import cuda

BLOCK = 128
TILE = BLOCK + 2


@cuda.jit
def debug_uninitialized_halo(x, out):
    tile = cuda.shared.array(TILE, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    tile[t + 1] = x[i]
    if t == 0:
        tile[0] = x[i - 1]
    if t == BLOCK - 1:
        tile[TILE - 1] = x[i + 1]
    cuda.syncthreads()
    if i < x.size:
        out[i] = tile[t] + tile[t + 1] + tile[t + 2]
