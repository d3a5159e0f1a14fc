import numpy as np
from numba import cuda


@cuda.jit
def moving_average_dynamic(x, radius, out):
    ### BEGIN SOLUTION
    tile = cuda.shared.array(0, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    n = x.size
    first = cuda.blockIdx.x * cuda.blockDim.x - radius
    for j in range(t, cuda.blockDim.x + 2 * radius, cuda.blockDim.x):
        tile[j] = 0.0
        if first + j >= 0 and first + j < n:
            tile[j] = x[first + j]
    cuda.syncthreads()
    if i < n:
        total = np.float32(0)
        for k in range(2 * radius + 1):
            total += tile[t + k]
        count = min(i + radius, n - 1) - max(i - radius, 0) + 1
        out[i] = total / np.float32(count)
    ### END SOLUTION
