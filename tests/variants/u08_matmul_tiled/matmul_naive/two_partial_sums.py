# Dos sumas parciales, de los k pares y de los impares.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    i, j = cuda.grid(2)
    inner, m = a.shape
    if i < m:
        if j < b.shape[0]:
            even = np.float32(0)
            odd = np.float32(0)
            for k in range(0, inner, 2):
                even += a[k, i] * b[j, k]
            for k in range(1, inner, 2):
                odd += a[k, i] * b[j, k]
            c[i, j] = even + odd
