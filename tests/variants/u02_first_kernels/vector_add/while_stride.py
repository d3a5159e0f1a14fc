# Ciclo while con zancada de malla.
from numba import cuda


@cuda.jit
def vector_add(a, b, out):
    i = cuda.grid(1)
    while i < out.shape[0]:
        out[i] = a[i] + b[i]
        i += cuda.gridsize(1)
