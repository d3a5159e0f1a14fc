# expect: out_of_bounds
# Sin guarda.
from numba import cuda


@cuda.jit
def clamp_guard(x, lo, hi, out):
    i = cuda.grid(1)
    v = x[i]
    if v < lo:
        v = lo
    elif v > hi:
        v = hi
    out[i] = v
