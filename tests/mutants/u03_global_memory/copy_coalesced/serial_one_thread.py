# expect: over_limit:global_load_sectors, over_limit:global_store_sectors, over_limit:global_load_requests
# Un solo hilo copia el tramo de su bloque.
from numba import cuda


@cuda.jit
def copy_coalesced(x, out):
    start = 4 * cuda.blockDim.x * cuda.blockIdx.x
    if cuda.threadIdx.x == 0:
        for k in range(4 * cuda.blockDim.x):
            if start + k < out.size:
                out[start + k] = x[start + k]
