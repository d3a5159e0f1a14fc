# expect: wrong_values
# Confunde los límites.
from numba import cuda


@cuda.jit
def clamp_guard(x, lo, hi, out):
    i = cuda.grid(1)
    if i < out.size:
        v = x[i]
        if v < lo:
            v = hi
        elif v > hi:
            v = lo
        out[i] = v
