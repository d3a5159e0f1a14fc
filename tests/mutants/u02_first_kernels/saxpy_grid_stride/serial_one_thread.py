# expect: over_limit:global_load_requests, over_limit:global_load_sectors, over_limit:global_store_sectors
# Un solo hilo hace todo el trabajo.
from numba import cuda


@cuda.jit
def saxpy_grid_stride(alpha, x, y, out):
    if cuda.grid(1) == 0:
        for i in range(out.size):
            out[i] = alpha * x[i] + y[i]
