# expect: wrong_values
# Multiplica elemento a elemento.
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    col, row = cuda.grid(2)
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = a[row, col % a.shape[1]] * b[row % b.shape[0], col]
