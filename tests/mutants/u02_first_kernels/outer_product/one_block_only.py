# expect: unwritten_output
# Funciona con un solo bloque.
from numba import cuda


@cuda.jit
def outer_product(a, b, out):
    j, i = cuda.threadIdx.x, cuda.threadIdx.y
    if i < out.shape[0] and j < out.shape[1]:
        out[i, j] = a[i] * b[j]
