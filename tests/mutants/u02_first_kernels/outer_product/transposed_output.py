# expect: wrong_values, out_of_bounds
# Escribe la tabla transpuesta.
from numba import cuda


@cuda.jit
def outer_product(a, b, out):
    j, i = cuda.grid(2)
    if i < a.size and j < b.size:
        out[j, i] = a[i] * b[j]
