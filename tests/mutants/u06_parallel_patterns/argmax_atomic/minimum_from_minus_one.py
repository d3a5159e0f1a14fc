# expect: wrong_values
# El menor índice parte de -1, que no es el elemento neutro del mínimo: nadie lo baja.
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
    if t == 0:
        best[0] = LOWEST
        first[0] = -1
    cuda.syncthreads()
    for j in range(t, x.shape[1], BLOCK):
        cuda.atomic.max(best, 0, x[row, j])
    cuda.syncthreads()
    for j in range(t, x.shape[1], BLOCK):
        if x[row, j] == best[0]:
            cuda.atomic.min(first, 0, j)
    cuda.syncthreads()
    if t == 0:
        out[row] = first[0]
