# expect: over_limit:global_load_requests, over_limit:global_load_sectors, over_limit:global_store_sectors
# Todos los hilos recorren todo el vector.
from numba import cuda


@cuda.jit
def saxpy_grid_stride(alpha, x, y, out):
    for i in range(out.size):
        out[i] = alpha * x[i] + y[i]
