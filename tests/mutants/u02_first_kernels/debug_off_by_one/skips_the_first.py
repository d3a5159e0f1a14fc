# expect: unwritten_output
# Salta al hilo 0 para poder mirar hacia atrás.
from numba import cuda


@cuda.jit
def debug_off_by_one(x, out):
    i = cuda.grid(1)
    if 0 < i < x.size - 1:
        out[i] = x[i + 1] - x[i]
