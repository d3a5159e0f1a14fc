# expect: under_limit:shared_load_requests, over_limit:global_load_requests
# Cada hilo vuelve a sumar su segmento desde la memoria global.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def scan_block(x, out):
    i = cuda.grid(1)
    if i < x.size:
        total = np.float32(0)
        for k in range(i + 1, min(x.size, (cuda.blockIdx.x + 1) * BLOCK)):
            total += x[k]
        out[i] = total
