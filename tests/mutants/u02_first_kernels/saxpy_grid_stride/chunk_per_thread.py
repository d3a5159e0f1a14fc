# expect: over_limit:global_load_sectors, over_limit:global_store_sectors
# Cada hilo recorre su propio tramo seguido.
from numba import cuda


@cuda.jit
def saxpy_grid_stride(alpha, x, y, out):
    threads = cuda.gridsize(1)
    chunk = (out.size + threads - 1) // threads
    start = cuda.grid(1) * chunk
    for i in range(start, min(start + chunk, out.size)):
        out[i] = alpha * x[i] + y[i]
