# Índices a mano y salida temprana.
from numba import cuda


@cuda.jit
def outer_product(a, b, out):
    i = cuda.blockIdx.y * cuda.blockDim.y + cuda.threadIdx.y
    j = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    if i >= a.size:
        return
    if j >= b.size:
        return
    out[i, j] = b[j] * a[i]
