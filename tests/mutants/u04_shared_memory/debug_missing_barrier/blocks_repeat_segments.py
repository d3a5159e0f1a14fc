# expect: race
# La zancada es de un segmento: los bloques repiten el trabajo de los demás.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def debug_missing_barrier(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    for start in range(cuda.blockIdx.x * BLOCK, x.size, BLOCK):
        tile[t] = x[start + t]
        cuda.syncthreads()
        out[start + t] = tile[t] - tile[BLOCK - 1 - t]
        cuda.syncthreads()
