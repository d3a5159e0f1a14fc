# expect: over_limit:global_store_requests
# Un solo hilo calcula todas.
from numba import cuda


@cuda.jit
def debug_off_by_one(x, out):
    if cuda.grid(1) == 0:
        for i in range(out.size):
            out[i] = x[i + 1] - x[i]
