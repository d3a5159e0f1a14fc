# expect: reads_output
# Acumula sobre la basura que traía la salida.
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    row, col = cuda.grid(2)
    if row < c.shape[0] and col < c.shape[1]:
        for k in range(a.shape[0]):
            c[row, col] += a[k, row] * b[col, k]
