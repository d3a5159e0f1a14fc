# expect: over_limit:shared_load_requests
# Un solo hilo suma toda la tesela.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def debug_divergent_barrier(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    tile[t] = x[i] if i < x.size else np.float32(0)
    cuda.syncthreads()
    if t == 0:
        total = 0.0
        for k in range(BLOCK):
            total += tile[k]
        out[cuda.blockIdx.x] = total
