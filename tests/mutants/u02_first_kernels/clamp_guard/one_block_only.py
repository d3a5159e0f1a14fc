# expect: unwritten_output
# Funciona con un solo bloque.
from numba import cuda


@cuda.jit
def clamp_guard(x, lo, hi, out):
    i = cuda.threadIdx.x
    if i < out.size:
        v = x[i]
        if v < lo:
            v = lo
        elif v > hi:
            v = hi
        out[i] = v
