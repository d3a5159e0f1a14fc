# expect: under_limit:shared_load_requests, over_limit:global_load_sectors
# Evita las teselas: la versión ingenua.
import numpy as np
from numba import cuda

TILE = 16


@cuda.jit
def debug_uninitialized_tile(a, b, c):
    col, row = cuda.grid(2)
    if row < c.shape[0] and col < c.shape[1]:
        total = np.float32(0)
        for k in range(a.shape[1]):
            total += a[row, k] * b[k, col]
        c[row, col] = total
