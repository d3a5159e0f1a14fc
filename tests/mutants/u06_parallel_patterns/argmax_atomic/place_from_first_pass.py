# expect: wrong_values
# Anota el lugar al superar menos infinito: una fila de menos infinitos queda sin lugar.
import numpy as np
from numba import cuda

BLOCK = 128
LOWEST = np.float32(-np.inf)


@cuda.jit
def argmax_atomic(x, out):
    best = cuda.shared.array(1, np.float32)
    first = cuda.shared.array(1, np.int32)
    t = cuda.threadIdx.x
    row = cuda.blockIdx.x
    n = x.shape[1]
    if t == 0:
        best[0] = LOWEST
        first[0] = n
    cuda.syncthreads()
    mine = LOWEST
    where = -1
    for j in range(t, n, BLOCK):
        if x[row, j] > mine:
            mine = x[row, j]
            where = j
    cuda.atomic.max(best, 0, mine)
    cuda.syncthreads()
    if mine == best[0]:
        cuda.atomic.min(first, 0, where)
    cuda.syncthreads()
    if t == 0:
        out[row] = first[0] if first[0] < n else -1
