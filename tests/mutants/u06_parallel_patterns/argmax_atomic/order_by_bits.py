# expect: wrong_values
# Compara los bits del flotante como enteros: con negativos el orden se invierte.
import numpy as np
from numba import cuda

BLOCK = 128
LOWEST = np.float32(-np.inf)


@cuda.jit
def argmax_atomic(x, out):
    best = cuda.shared.array(1, np.int64)
    row, t = cuda.blockIdx.x, cuda.threadIdx.x
    nothing = np.int64(-1) << 63
    if t == 0:
        best[0] = nothing
    cuda.syncthreads()
    mine = nothing
    for j in range(t, x.shape[1], BLOCK):
        value = x[row, j]
        if value == value:
            bits = np.int64(cuda.libdevice.float_as_int(value))
            mine = max(mine, (bits << 32) | (0xFFFFFFFF - j))
    cuda.atomic.max(best, 0, mine)
    cuda.syncthreads()
    if t == 0:
        out[row] = -1 if best[0] == nothing else 0xFFFFFFFF - (best[0] & 0xFFFFFFFF)
