# Ciclos de zancada de malla en los dos ejes.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    x, y = cuda.grid(2)
    across, down = cuda.gridsize(2)
    for row in range(y, c.shape[0], down):
        for col in range(x, c.shape[1], across):
            total = np.float32(0)
            for k in range(a.shape[1]):
                total += a[row, k] * b[k, col]
            c[row, col] = total
