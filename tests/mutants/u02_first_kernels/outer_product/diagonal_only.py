# expect: unwritten_output
# Solo llena la diagonal.
from numba import cuda


@cuda.jit
def outer_product(a, b, out):
    i = cuda.grid(1)
    if i < out.shape[0] and i < out.shape[1]:
        out[i, i] = a[i] * b[i]
