# expect: wrong_values, out_of_bounds
# Las dos guardas están cambiadas.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    row, col = cuda.grid(2)
    if row < c.shape[1] and col < c.shape[0]:
        total = np.float32(0)
        for k in range(a.shape[0]):
            total += a[k, row] * b[col, k]
        c[row, col] = total
