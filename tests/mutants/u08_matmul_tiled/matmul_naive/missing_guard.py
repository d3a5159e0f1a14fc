# expect: wrong_values, out_of_bounds
# Sin guarda: los hilos que sobran leen y escriben fuera.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    col, row = cuda.grid(2)
    total = np.float32(0)
    for k in range(a.shape[1]):
        total += a[row, k] * b[k, col]
    c[row, col] = total
