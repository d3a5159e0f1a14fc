# expect: unwritten_output
# Toma la fila de x y la columna de y.
from numba import cuda


@cuda.jit
def outer_product(a, b, out):
    i, j = cuda.grid(2)
    if i < out.shape[0] and j < out.shape[1]:
        out[i, j] = a[i] * b[j]
