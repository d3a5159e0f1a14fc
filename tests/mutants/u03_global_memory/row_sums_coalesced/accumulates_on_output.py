# expect: reads_output
# Suma sobre lo que había en la salida.
import numpy as np
from numba import cuda


@cuda.jit
def row_sums_coalesced(a, partial):
    i = cuda.grid(1)
    row = i // 32
    lane = i % 32
    if row < a.shape[0]:
        for c in range(lane, a.shape[1], 32):
            partial[row, lane] += a[row, c]
