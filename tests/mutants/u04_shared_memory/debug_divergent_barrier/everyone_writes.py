# expect: over_limit:global_store_requests
# Todos los hilos del bloque escriben el mismo resultado.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def debug_divergent_barrier(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    tile[t] = 0.0
    if i < x.size:
        tile[t] = x[i]
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if t < step:
            tile[t] += tile[t + step]
        cuda.syncthreads()
        step //= 2
    out[cuda.blockIdx.x] = tile[0]
