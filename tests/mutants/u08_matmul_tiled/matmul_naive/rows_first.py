# expect: over_limit:global_load_sectors
# Numera los elementos por filas: los hilos vecinos quedan en filas distintas de b.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    x, y = cuda.grid(2)
    i = y * cuda.gridsize(2)[0] + x
    row = i // c.shape[1]
    col = i % c.shape[1]
    if row < c.shape[0]:
        total = np.float32(0)
        for k in range(a.shape[0]):
            total += a[k, row] * b[col, k]
        c[row, col] = total
