# expect: over_limit:shared_load_requests
# Un solo hilo suma las 128 partes en orden: se repite, pero los demás esperan.
import numpy as np
from numba import cuda

BLOCK = 128
SEGMENT = 1024


@cuda.jit
def debug_float_order(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    start = cuda.blockIdx.x * SEGMENT
    part = np.float32(0)
    for i in range(start + t, min(start + SEGMENT, x.size), BLOCK):
        part += x[i]
    tile[t] = part
    cuda.syncthreads()
    if t == 0:
        total = np.float32(0)
        for k in range(BLOCK):
            total += tile[k]
        out[cuda.blockIdx.x] = total
