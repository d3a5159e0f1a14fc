# expect: over_limit:shared_load_requests
# Un solo hilo recorre los 64 elementos de la tesela.
import numpy as np
from numba import cuda

BLOCK = 64


@cuda.jit
def scan_blocks(x, out, sums):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    tile[t] = x[i] if i < x.size else np.float32(0)
    cuda.syncthreads()
    if t == 0:
        total = np.float32(0)
        for k in range(BLOCK):
            total += tile[k]
            tile[k] = total
        sums[cuda.blockIdx.x] = total
    cuda.syncthreads()
    if i < x.size:
        out[i] = tile[t]


@cuda.jit
def add_offsets(out, offsets):
    b = cuda.blockIdx.x
    i = cuda.grid(1)
    if b > 0 and i < out.size:
        out[i] += offsets[b - 1]
