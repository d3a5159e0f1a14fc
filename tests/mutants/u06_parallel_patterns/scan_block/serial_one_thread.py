# expect: over_limit:shared_load_requests
# Un solo hilo recorre los 128 elementos mientras los demás esperan.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def scan_block(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    tile[t] = x[i] if i < x.size else np.float32(0)
    cuda.syncthreads()
    if t == 0:
        total = np.float32(0)
        for k in range(BLOCK - 1, -1, -1):
            value = tile[k]
            tile[k] = total
            total += value
    cuda.syncthreads()
    if i < x.size:
        out[i] = tile[t]
