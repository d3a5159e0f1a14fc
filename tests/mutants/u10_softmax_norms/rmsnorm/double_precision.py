# expect: over_limit:double_operations
# Divide entre un entero: float32 entre int64 es float64.
import math

import numpy as np
from numba import cuda

BLOCK = 128
WARPS = BLOCK // 32
FULL = 0xFFFFFFFF


@cuda.jit
def rmsnorm(x, gain, eps, out):
    part = cuda.shared.array(WARPS, np.float32)
    row = cuda.shared.array(0, np.float32)
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    value = np.float32(0)
    for j in range(t, x.shape[1], BLOCK):
        row[j] = x[r, j]
        value += row[j] * row[j]
    step = 16
    while step > 0:
        value += cuda.shfl_down_sync(FULL, value, step)
        step //= 2
    if t % 32 == 0:
        part[t // 32] = value
    cuda.syncthreads()
    total = np.float32(0)
    for w in range(WARPS):
        total += part[w]
    scale = np.float32(1) / math.sqrt(total / x.shape[1] + eps)
    for j in range(t, x.shape[1], BLOCK):
        out[r, j] = row[j] * scale * gain[j]
