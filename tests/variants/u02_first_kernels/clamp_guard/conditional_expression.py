# Con expresiones condicionales y salida temprana.
from numba import cuda


@cuda.jit
def clamp_guard(x, lo, hi, out):
    i = cuda.grid(1)
    if i >= x.size:
        return
    v = x[i]
    low = lo if v < lo else v
    out[i] = hi if low > hi else low
