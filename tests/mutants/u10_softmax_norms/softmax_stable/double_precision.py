# expect: over_limit:double_operations
# El 1.0 y el 0.0 llevan la suma a float64.
import math

import numpy as np
from numba import cuda

BLOCK = 128
LOWEST = np.float32(-np.inf)


@cuda.jit
def softmax_stable(x, lengths, out):
    part = cuda.shared.array(BLOCK, np.float32)
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    mine = LOWEST
    for j in range(t, lengths[r], BLOCK):
        mine = max(mine, x[r, j])
    part[t] = mine
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if t < step:
            part[t] = max(part[t], part[t + step])
        cuda.syncthreads()
        step //= 2
    top = part[0] if part[0] > LOWEST else np.float32(0)
    cuda.syncthreads()
    total = 0.0
    for j in range(t, lengths[r], BLOCK):
        total += math.exp(x[r, j] - top)
    part[t] = total
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if t < step:
            part[t] += part[t + step]
        cuda.syncthreads()
        step //= 2
    scale = np.float32(0)
    if part[0] > np.float32(0):
        scale = np.float32(1) / part[0]
    for j in range(t, x.shape[1], BLOCK):
        if j < lengths[r]:
            out[r, j] = math.exp(x[r, j] - top) * scale
        else:
            out[r, j] = np.float32(0)
