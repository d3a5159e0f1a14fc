# expect: under_limit:shared_load_requests
# Invierte leyendo directamente de la memoria global.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def block_reverse(x, out):
    t = cuda.threadIdx.x
    start = cuda.blockIdx.x * BLOCK
    m = min(BLOCK, x.size - start)
    if t < m:
        out[start + t] = x[start + m - 1 - t]
