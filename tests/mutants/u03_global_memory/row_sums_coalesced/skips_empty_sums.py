# expect: unwritten_output
# No escribe las sumas a las que no les toca ninguna columna.
import numpy as np
from numba import cuda


@cuda.jit
def row_sums_coalesced(a, partial):
    i = cuda.grid(1)
    row = i // 32
    lane = i % 32
    if row < a.shape[0] and lane < a.shape[1]:
        total = np.float32(0)
        for c in range(lane, a.shape[1], 32):
            total += a[row, c]
        partial[row, lane] = total
