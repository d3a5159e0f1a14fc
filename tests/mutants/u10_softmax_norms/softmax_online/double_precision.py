# expect: over_limit:double_operations
# Parte de d = 0.0, que es float64.
import math

import numpy as np
from numba import cuda

BLOCK = 128
LOWEST = np.float32(-np.inf)


@cuda.jit
def softmax_online(x, out):
    peak = cuda.shared.array(BLOCK, np.float32)
    part = cuda.shared.array(BLOCK, np.float32)
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    m, d = LOWEST, 0.0
    for j in range(t, x.shape[1], BLOCK):
        v = x[r, j]
        if v > m:
            d = d * math.exp(m - v) + np.float32(1)
            m = v
        elif v > LOWEST:
            d += math.exp(v - m)
    peak[t] = m
    part[t] = d
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if t < step:
            a, b = peak[t], peak[t + step]
            m = max(a, b)
            if m > LOWEST:
                left = part[t] * math.exp(a - m)
                part[t] = left + part[t + step] * math.exp(b - m)
                peak[t] = m
        cuda.syncthreads()
        step //= 2
    top = peak[0] if peak[0] > LOWEST else np.float32(0)
    scale = np.float32(0)
    if part[0] > np.float32(0):
        scale = np.float32(1) / part[0]
    for j in range(t, x.shape[1], BLOCK):
        out[r, j] = math.exp(x[r, j] - top) * scale
