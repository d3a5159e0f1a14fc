# expect: wrong_values, out_of_bounds
# Sin guarda: los hilos que sobran leen y escriben fuera.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    row, col = cuda.grid(2)
    total = np.float32(0)
    for k in range(a.shape[0]):
        total += a[k, row] * b[col, k]
    c[row, col] = total
