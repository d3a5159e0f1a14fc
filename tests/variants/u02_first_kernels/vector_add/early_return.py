# Índice a mano y salida temprana.
from numba import cuda


@cuda.jit
def vector_add(a, b, out):
    i = cuda.threadIdx.x + cuda.blockIdx.x * cuda.blockDim.x
    if i >= len(out):
        return
    out[i] = b[i] + a[i]
