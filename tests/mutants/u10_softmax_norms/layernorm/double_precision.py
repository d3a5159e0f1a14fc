# expect: over_limit:double_operations
# Un 1.0 lleva la escala a float64.
import math

import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def layernorm(x, gain, bias, eps, out):
    part = cuda.shared.array(BLOCK, np.float32)
    row = cuda.shared.array(0, np.float32)
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    n = np.float32(x.shape[1])
    mine = np.float32(0)
    for j in range(t, x.shape[1], BLOCK):
        row[j] = x[r, j]
        mine += row[j]
    part[t] = mine
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if t < step:
            part[t] += part[t + step]
        cuda.syncthreads()
        step //= 2
    mean = part[0] / n
    cuda.syncthreads()
    mine = np.float32(0)
    for j in range(t, x.shape[1], BLOCK):
        away = row[j] - mean
        mine += away * away
    part[t] = mine
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if t < step:
            part[t] += part[t + step]
        cuda.syncthreads()
        step //= 2
    scale = 1.0 / math.sqrt(part[0] / n + eps)
    for j in range(t, x.shape[1], BLOCK):
        out[r, j] = (row[j] - mean) * scale * gain[j] + bias[j]
