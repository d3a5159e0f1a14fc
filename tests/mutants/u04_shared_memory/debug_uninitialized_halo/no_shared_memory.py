# expect: under_limit:shared_load_requests, over_limit:global_load_sectors
# Evita la tesela y lee los tres de la memoria global.
import numpy as np
from numba import cuda

BLOCK = 128
TILE = BLOCK + 2


@cuda.jit
def debug_uninitialized_halo(x, out):
    i = cuda.grid(1)
    if i < x.size:
        total = x[i]
        if i > 0:
            total += x[i - 1]
        if i + 1 < x.size:
            total += x[i + 1]
        out[i] = total
