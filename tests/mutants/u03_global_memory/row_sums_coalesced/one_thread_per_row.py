# expect: over_limit:global_load_sectors, over_limit:global_store_sectors
# Un hilo calcula las 32 sumas de su fila.
import numpy as np
from numba import cuda


@cuda.jit
def row_sums_coalesced(a, partial):
    row = cuda.grid(1)
    if row < a.shape[0]:
        for lane in range(32):
            total = np.float32(0)
            for c in range(lane, a.shape[1], 32):
                total += a[row, c]
            partial[row, lane] = total
