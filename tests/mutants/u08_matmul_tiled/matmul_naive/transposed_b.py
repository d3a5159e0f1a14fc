# expect: wrong_values, out_of_bounds
# Lee b como si llegara transpuesta.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    col, row = cuda.grid(2)
    if row < c.shape[0] and col < c.shape[1]:
        total = np.float32(0)
        for k in range(a.shape[1]):
            total += a[row, k] * b[col, k]
        c[row, col] = total
