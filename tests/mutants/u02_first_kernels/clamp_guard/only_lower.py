# expect: wrong_values
# Olvida el límite superior.
from numba import cuda


@cuda.jit
def clamp_guard(x, lo, hi, out):
    i = cuda.grid(1)
    if i < out.size:
        v = x[i]
        if v < lo:
            v = lo
        out[i] = v
