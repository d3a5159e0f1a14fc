# expect: out_of_bounds
# Protege la lectura y no la escritura.
from numba import cuda


@cuda.jit
def debug_off_by_one(x, out):
    i = cuda.grid(1)
    change = x[0] - x[0]
    if i < out.size:
        change = x[i + 1] - x[i]
    out[i] = change
