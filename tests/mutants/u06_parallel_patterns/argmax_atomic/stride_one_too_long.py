# expect: wrong_values
# La zancada tiene un hilo de más: hay columnas que nadie mira.
import numpy as np
from numba import cuda

BLOCK = 128
LOWEST = np.float32(-np.inf)


@cuda.jit
def argmax_atomic(x, out):
    best = cuda.shared.array(1, np.float32)
    first = cuda.shared.array(1, np.int32)
    row, t = cuda.blockIdx.x, cuda.threadIdx.x
    columns = x.shape[1]
    if t == 0:
        best[0] = LOWEST
        first[0] = columns
    cuda.syncthreads()
    mine = LOWEST
    for j in range(t, columns, BLOCK + 1):
        if x[row, j] > mine:
            mine = x[row, j]
    cuda.atomic.max(best, 0, mine)
    cuda.syncthreads()
    for j in range(t, columns, BLOCK + 1):
        if x[row, j] == best[0]:
            cuda.atomic.min(first, 0, j)
            break
    cuda.syncthreads()
    if t == 0:
        out[row] = first[0] if first[0] < columns else -1
