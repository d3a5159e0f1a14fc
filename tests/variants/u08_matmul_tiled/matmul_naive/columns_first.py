# Numera los elementos por columnas de c.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    x, y = cuda.grid(2)
    i = y * cuda.gridsize(2)[0] + x
    row = i % c.shape[0]
    col = i // c.shape[0]
    if col < c.shape[1]:
        total = np.float32(0)
        for k in range(a.shape[0]):
            total += a[k, row] * b[col, k]
        c[row, col] = total
