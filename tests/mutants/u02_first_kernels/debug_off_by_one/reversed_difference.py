# expect: wrong_values
# Resta al revés.
from numba import cuda


@cuda.jit
def debug_off_by_one(x, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = x[i] - x[i + 1]
