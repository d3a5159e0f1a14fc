# expect: unwritten_output
# Se pasa de prudente: la última diferencia queda sin escribir.
from numba import cuda


@cuda.jit
def debug_off_by_one(x, out):
    i = cuda.grid(1)
    if i < out.size - 1:
        out[i] = x[i + 1] - x[i]
