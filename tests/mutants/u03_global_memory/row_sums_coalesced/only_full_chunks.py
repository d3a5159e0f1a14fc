# expect: wrong_values
# Olvida las columnas que no completan un grupo de 32.
import numpy as np
from numba import cuda


@cuda.jit
def row_sums_coalesced(a, partial):
    i = cuda.grid(1)
    row = i // 32
    lane = i % 32
    if row < a.shape[0]:
        total = np.float32(0)
        for k in range(a.shape[1] // 32):
            total += a[row, lane + 32 * k]
        partial[row, lane] = total
