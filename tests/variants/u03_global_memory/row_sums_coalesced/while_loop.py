import numpy as np
from numba import cuda


@cuda.jit
def row_sums_coalesced(a, partial):
    row, lane = divmod(cuda.grid(1), 32)
    if row >= a.shape[0]:
        return
    total = np.float32(0)
    c = lane
    while c < a.shape[1]:
        total += a[row, c]
        c += 32
    partial[row, lane] = total
