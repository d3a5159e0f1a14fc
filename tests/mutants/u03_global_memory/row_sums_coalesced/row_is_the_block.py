# expect: wrong_values, out_of_bounds
# Toma la fila del número de bloque, que tiene varios warps.
import numpy as np
from numba import cuda


@cuda.jit
def row_sums_coalesced(a, partial):
    row = cuda.blockIdx.x
    lane = cuda.threadIdx.x
    total = np.float32(0)
    for c in range(lane, a.shape[1], 32):
        total += a[row, c]
    partial[row, lane] = total
