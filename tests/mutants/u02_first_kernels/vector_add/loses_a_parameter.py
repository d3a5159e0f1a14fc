# expect: wrong_signature
# Cambia los parámetros.
from numba import cuda


@cuda.jit
def vector_add(a, b):
    i = cuda.grid(1)
    if i < a.size:
        a[i] += b[i]
