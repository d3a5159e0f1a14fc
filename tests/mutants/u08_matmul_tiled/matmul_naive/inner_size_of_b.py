# expect: wrong_values
# El ciclo recorre las columnas de b en lugar de las de a.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    col, row = cuda.grid(2)
    if row < c.shape[0] and col < c.shape[1]:
        total = np.float32(0)
        for k in range(b.shape[1]):
            total += a[row, k] * b[k, col]
        c[row, col] = total
