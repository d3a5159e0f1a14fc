# Con ciclos while y acumulador en float64.
import numpy as np
from numba import cuda


@cuda.jit
def moving_average_dynamic(x, radius, out):
    tile = cuda.shared.array(0, np.float32)
    t = cuda.threadIdx.x
    size = cuda.blockDim.x + 2 * radius
    base = cuda.blockIdx.x * cuda.blockDim.x - radius
    j = t
    while j < size:
        inside = base + j >= 0 and base + j < x.size
        tile[j] = x[base + j] if inside else np.float32(0)
        j += cuda.blockDim.x
    cuda.syncthreads()
    i = base + radius + t
    if i < x.size:
        low = max(0, i - radius)
        high = min(x.size, i + radius + 1)
        total = 0.0
        k = low
        while k < high:
            total += tile[k - base]
            k += 1
        out[i] = total / (high - low)
