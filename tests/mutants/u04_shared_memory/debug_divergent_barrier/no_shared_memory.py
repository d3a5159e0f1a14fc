# expect: under_limit:shared_load_requests
# Un solo hilo suma desde la memoria global.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def debug_divergent_barrier(x, out):
    if cuda.threadIdx.x == 0:
        start = cuda.blockIdx.x * BLOCK
        total = 0.0
        for k in range(start, min(start + BLOCK, x.size)):
            total += x[k]
        out[cuda.blockIdx.x] = total
