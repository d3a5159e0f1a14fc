# expect: under_limit:shared_load_requests, over_limit:global_load_sectors
# Lee toda la ventana de la memoria global.
import numpy as np
from numba import cuda


@cuda.jit
def moving_average_dynamic(x, radius, out):
    i = cuda.grid(1)
    n = x.size
    if i < n:
        low = max(i - radius, 0)
        high = min(i + radius, n - 1)
        total = np.float32(0)
        for j in range(low, high + 1):
            total += x[j]
        out[i] = total / (high - low + 1)
