# expect: unwritten_output, wrong_values
# Se queda con los negativos.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def stream_compaction(x, out, counts):
    tile = cuda.shared.array(BLOCK, np.int32)
    t = cuda.threadIdx.x
    row = cuda.blockIdx.x
    base = 0
    for start in range(0, x.shape[1], BLOCK):
        i = start + t
        value = x[row, i] if i < x.shape[1] else np.float32(0)
        tile[t] = 1 if value < np.float32(0) else 0
        cuda.syncthreads()
        step = 1
        while step < BLOCK:
            left = tile[t - step] if t >= step else 0
            cuda.syncthreads()
            tile[t] += left
            cuda.syncthreads()
            step *= 2
        if value < np.float32(0):
            out[row, base + tile[t] - 1] = value
        base += tile[BLOCK - 1]
        cuda.syncthreads()
    if t == 0:
        counts[row] = base
