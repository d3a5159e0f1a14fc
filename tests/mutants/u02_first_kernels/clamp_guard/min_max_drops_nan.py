# expect: wrong_values
# min y max descartan el NaN.
from numba import cuda


@cuda.jit
def clamp_guard(x, lo, hi, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = min(max(x[i], lo), hi)
