# expect: wrong_values
# El ciclo recorre las columnas de a, que son las filas de c.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    row, col = cuda.grid(2)
    if row < c.shape[0] and col < c.shape[1]:
        total = np.float32(0)
        for k in range(a.shape[1]):
            total += a[k, row] * b[col, k]
        c[row, col] = total
