# expect: wrong_values, out_of_bounds
# Sin guarda.
from numba import cuda


@cuda.jit
def outer_product(a, b, out):
    j, i = cuda.grid(2)
    out[i, j] = a[i] * b[j]
