# expect: over_limit:global_load_sectors, over_limit:global_store_requests
# Acumula en la memoria global en lugar de en una variable.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    row, col = cuda.grid(2)
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = np.float32(0)
        for k in range(a.shape[0]):
            c[row, col] += a[k, row] * b[col, k]
