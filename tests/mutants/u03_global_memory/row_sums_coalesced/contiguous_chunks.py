# expect: wrong_values
# Cada carril suma un tramo seguido de columnas.
import numpy as np
from numba import cuda


@cuda.jit
def row_sums_coalesced(a, partial):
    i = cuda.grid(1)
    row = i // 32
    lane = i % 32
    if row < a.shape[0]:
        chunk = (a.shape[1] + 31) // 32
        total = np.float32(0)
        for c in range(lane * chunk, min(a.shape[1], (lane + 1) * chunk)):
            total += a[row, c]
        partial[row, lane] = total
