# expect: unwritten_output
# Solo escribe lo que recorta.
from numba import cuda


@cuda.jit
def clamp_guard(x, lo, hi, out):
    i = cuda.grid(1)
    if i < out.size:
        if x[i] < lo:
            out[i] = lo
        elif x[i] > hi:
            out[i] = hi
