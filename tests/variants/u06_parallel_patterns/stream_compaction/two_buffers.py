import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def stream_compaction(x, out, counts):
    marks = cuda.shared.array((2, BLOCK), np.int32)
    t = cuda.threadIdx.x
    row = cuda.blockIdx.x
    kept = 0
    start = 0
    while start < x.shape[1]:
        value = np.float32(-1)
        if start + t < x.shape[1]:
            value = x[row, start + t]
        now, step = 0, 1
        marks[now, t] = np.int32(value > np.float32(0))
        cuda.syncthreads()
        while step < BLOCK:
            total = marks[now, t]
            if t >= step:
                total += marks[now, t - step]
            marks[1 - now, t] = total
            cuda.syncthreads()
            now = 1 - now
            step *= 2
        before = marks[now, t - 1] if t > 0 else 0
        if value > np.float32(0):
            out[row, kept + before] = value
        kept += marks[now, BLOCK - 1]
        cuda.syncthreads()
        start += BLOCK
    if t == BLOCK - 1:
        counts[row] = kept
