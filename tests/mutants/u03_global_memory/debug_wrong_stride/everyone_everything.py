# expect: over_limit:global_store_sectors, over_limit:global_load_sectors, over_limit:global_store_requests
# Cada hilo recorre toda la fila.
from numba import cuda


@cuda.jit
def debug_wrong_stride(a, gain, out):
    row = cuda.blockIdx.x
    cols = a.shape[1]
    for c in range(cols):
        out[row, c] = gain[row] * a[row, c]
