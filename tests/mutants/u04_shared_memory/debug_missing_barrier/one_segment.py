# expect: unwritten_output
# Quita el ciclo: cada bloque atiende un solo segmento.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def debug_missing_barrier(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    start = cuda.blockIdx.x * BLOCK
    if start < x.size:
        tile[t] = x[start + t]
        cuda.syncthreads()
        out[start + t] = tile[t] - tile[BLOCK - 1 - t]
