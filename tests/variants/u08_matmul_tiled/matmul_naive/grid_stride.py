# Ciclos de zancada de malla en los dos ejes.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    x, y = cuda.grid(2)
    across, down = cuda.gridsize(2)
    for col in range(y, c.shape[1], down):
        for row in range(x, c.shape[0], across):
            total = np.float32(0)
            for k in range(a.shape[0]):
                total += a[k, row] * b[col, k]
            c[row, col] = total
