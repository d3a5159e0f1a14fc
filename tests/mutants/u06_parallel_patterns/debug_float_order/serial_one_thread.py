# expect: over_limit:global_load_requests
# Un solo hilo suma el segmento entero.
import numpy as np
from numba import cuda

BLOCK = 128
SEGMENT = 1024


@cuda.jit
def debug_float_order(x, out):
    start = cuda.blockIdx.x * SEGMENT
    if cuda.threadIdx.x == 0:
        total = np.float32(0)
        for i in range(start, min(start + SEGMENT, x.size)):
            total += x[i]
        out[cuda.blockIdx.x] = total
