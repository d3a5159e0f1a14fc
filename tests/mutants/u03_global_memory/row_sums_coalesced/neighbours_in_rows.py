# expect: over_limit:global_load_sectors, over_limit:global_store_sectors
# Los hilos vecinos están en filas vecinas: cada uno toca su propio sector.
import numpy as np
from numba import cuda


@cuda.jit
def row_sums_coalesced(a, partial):
    i = cuda.grid(1)
    row = i % a.shape[0]
    lane = i // a.shape[0]
    if lane < 32:
        total = np.float32(0)
        for c in range(lane, a.shape[1], 32):
            total += a[row, c]
        partial[row, lane] = total
