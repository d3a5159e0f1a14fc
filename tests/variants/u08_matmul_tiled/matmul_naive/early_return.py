# Salida temprana, ciclo while y las medidas sacadas de a y b.
import numpy as np
from numba import cuda


@cuda.jit
def matmul_naive(a, b, c):
    row = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    col = cuda.blockIdx.y * cuda.blockDim.y + cuda.threadIdx.y
    if row >= a.shape[1] or col >= b.shape[0]:
        return
    total = np.float32(0)
    k = 0
    while k < b.shape[1]:
        total = total + b[col, k] * a[k, row]
        k += 1
    c[row, col] = total
