# expect: under_limit:shared_load_requests, over_limit:global_store_sectors
# La versión ingenua, sin memoria compartida.
import numpy as np
from numba import cuda

TILE = 32
PADDED = TILE + 1


@cuda.jit
def transpose_tiled(a, out):
    c, f = cuda.grid(2)
    if f < a.shape[0] and c < a.shape[1]:
        out[c, f] = a[f, c]
