# expect: over_limit:global_load_sectors
# El reparto del capítulo: con estas matrices, los vecinos leen 32 filas de b.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    col, row = cuda.grid(2)
    if row < c.shape[0] and col < c.shape[1]:
        total = np.float32(0)
        for k in range(a.shape[0]):
            total += a[k, row] * b[col, k]
        c[row, col] = total
