# expect: over_limit:global_store_sectors, over_limit:global_load_sectors, over_limit:global_store_requests
# Un hilo recorre toda la fila.
from numba import cuda


@cuda.jit
def debug_wrong_stride(a, gain, out):
    row = cuda.blockIdx.x
    if cuda.threadIdx.x == 0:
        for c in range(a.shape[1]):
            out[row, c] = gain[row] * a[row, c]
