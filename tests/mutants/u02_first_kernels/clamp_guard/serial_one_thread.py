# expect: over_limit:global_load_requests, over_limit:global_store_requests
# Un solo hilo hace todo el trabajo.
from numba import cuda


@cuda.jit
def clamp_guard(x, lo, hi, out):
    if cuda.grid(1) == 0:
        for i in range(out.size):
            v = x[i]
            if v < lo:
                v = lo
            elif v > hi:
                v = hi
            out[i] = v
