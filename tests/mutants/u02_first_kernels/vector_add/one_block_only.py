# expect: unwritten_output
# Funciona con un solo bloque.
from numba import cuda


@cuda.jit
def vector_add(a, b, out):
    i = cuda.threadIdx.x
    if i < out.size:
        out[i] = a[i] + b[i]
