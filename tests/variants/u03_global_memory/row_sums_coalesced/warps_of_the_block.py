import numpy as np
from numba import cuda


@cuda.jit
def row_sums_coalesced(a, partial):
    warp = cuda.threadIdx.x // 32
    lane = cuda.threadIdx.x % 32
    row = cuda.blockIdx.x * (cuda.blockDim.x // 32) + warp
    if row < a.shape[0]:
        total = np.float32(0)
        for k in range((a.shape[1] + 31) // 32):
            c = 32 * k + lane
            if c < a.shape[1]:
                total += a[row, c]
        partial[row, lane] = total
