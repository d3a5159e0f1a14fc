# expect: input_modified
# Recorta también la entrada.
from numba import cuda


@cuda.jit
def clamp_guard(x, lo, hi, out):
    i = cuda.grid(1)
    if i < out.size:
        if x[i] < lo:
            x[i] = lo
        elif x[i] > hi:
            x[i] = hi
        out[i] = x[i]
