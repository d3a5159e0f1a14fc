# expect: wrong_values, out_of_bounds
# La guarda usa «or» donde va «and».
from numba import cuda


@cuda.jit
def outer_product(a, b, out):
    j, i = cuda.grid(2)
    if i < out.shape[0] or j < out.shape[1]:
        out[i, j] = a[i] * b[j]
