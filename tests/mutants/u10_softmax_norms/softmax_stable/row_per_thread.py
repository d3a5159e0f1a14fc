# expect: over_limit:global_load_sectors, over_limit:global_store_sectors
# Un hilo hace toda la fila mientras los demás del bloque esperan.
import math

import numpy as np
from numba import cuda

BLOCK = 128
LOWEST = np.float32(-np.inf)


@cuda.jit
def softmax_stable(x, lengths, out):
    row = cuda.blockIdx.x * BLOCK + cuda.threadIdx.x
    if row < x.shape[0]:
        n = lengths[row]
        top = LOWEST
        for j in range(n):
            top = max(top, x[row, j])
        if top == LOWEST:
            top = np.float32(0)
        total = np.float32(0)
        for j in range(n):
            total += math.exp(x[row, j] - top)
        scale = np.float32(1) / total if total > np.float32(0) else np.float32(0)
        for j in range(x.shape[1]):
            out[row, j] = np.float32(0)
            if j < n:
                out[row, j] = math.exp(x[row, j] - top) * scale
