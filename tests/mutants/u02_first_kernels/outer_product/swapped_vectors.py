# expect: wrong_values, out_of_bounds
# Toma a con la columna y b con la fila.
from numba import cuda


@cuda.jit
def outer_product(a, b, out):
    j, i = cuda.grid(2)
    if i < out.shape[0] and j < out.shape[1]:
        out[i, j] = a[j] * b[i]
