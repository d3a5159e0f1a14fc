# Salida temprana y ciclo while.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    col = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    row = cuda.blockIdx.y * cuda.blockDim.y + cuda.threadIdx.y
    if row >= a.shape[0] or col >= b.shape[1]:
        return
    total = np.float32(0)
    k = 0
    while k < b.shape[0]:
        total = total + a[row, k] * b[k, col]
        k += 1
    c[row, col] = total
