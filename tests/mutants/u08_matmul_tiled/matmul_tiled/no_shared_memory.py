# expect: under_limit:shared_load_requests, over_limit:global_load_sectors
# La versión ingenua, sin teselas.
import numpy as np
from numba import cuda

TILE = 16


@cuda.jit
def matmul_tiled(a, b, c):
    col, row = cuda.grid(2)
    total = np.float32(0)
    for k in range(a.shape[0]):
        total += a[k, row] * b[k, col]
    c[row, col] += total
