# expect: over_limit:global_load_requests, over_limit:global_store_requests, over_limit:global_load_sectors
# Un solo hilo hace todo el trabajo.
from numba import cuda


@cuda.jit
def vector_add(a, b, out):
    if cuda.grid(1) == 0:
        for i in range(out.size):
            out[i] = a[i] + b[i]
