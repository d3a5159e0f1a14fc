# expect: over_limit:double_operations
# El acumulador empieza en 0.0 y la suma va en float64.
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    row, col = cuda.grid(2)
    if row < c.shape[0] and col < c.shape[1]:
        total = 0.0
        for k in range(a.shape[0]):
            total += a[k, row] * b[col, k]
        c[row, col] = total
