# expect: over_limit:same_value_writers
# Lleva al último elemento a los hilos que sobran, en lugar de dejarlos fuera.
from numba import cuda


@cuda.jit
def vector_add(a, b, out):
    i = min(cuda.grid(1), out.size - 1)
    out[i] = a[i] + b[i]
