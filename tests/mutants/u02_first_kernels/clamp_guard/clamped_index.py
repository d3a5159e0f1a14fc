# expect: over_limit:same_value_writers
# Lleva al último elemento a los hilos que sobran, en lugar de dejarlos fuera.
from numba import cuda


@cuda.jit
def clamp_guard(x, lo, hi, out):
    i = min(cuda.grid(1), out.size - 1)
    v = x[i]
    if v < lo:
        v = lo
    elif v > hi:
        v = hi
    out[i] = v
