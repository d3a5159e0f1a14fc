# expect: over_limit:global_load_sectors, over_limit:global_store_sectors
# Cada hilo copia cuatro seguidos: sus vecinos quedan a 16 B.
from numba import cuda


@cuda.jit
def copy_coalesced(x, out):
    i = 4 * cuda.grid(1)
    for k in range(4):
        if i + k < out.size:
            out[i + k] = x[i + k]
