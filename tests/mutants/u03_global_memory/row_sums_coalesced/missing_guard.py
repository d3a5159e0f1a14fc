# expect: out_of_bounds
# Los hilos que sobran también leen y escriben.
import numpy as np
from numba import cuda


@cuda.jit
def row_sums_coalesced(a, partial):
    i = cuda.grid(1)
    row = i // 32
    lane = i % 32
    total = np.float32(0)
    for c in range(lane, a.shape[1], 32):
        total += a[row, c]
    partial[row, lane] = total
