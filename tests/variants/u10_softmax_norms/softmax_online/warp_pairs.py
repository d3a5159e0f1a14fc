# Junta los pares con shuffles dentro de cada warp.
import math

import numpy as np
from numba import cuda

BLOCK = 128
LOWEST = np.float32(-np.inf)


@cuda.jit
def softmax_online(x, out):
    peak = cuda.shared.array(4, np.float32)
    part = cuda.shared.array(4, np.float32)
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    m, d = LOWEST, np.float32(0)
    for j in range(t, x.shape[1], BLOCK):
        v = x[r, j]
        high = max(m, v)
        if high > LOWEST:
            d = d * math.exp(m - high) + math.exp(v - high)
            m = high
    step = 16
    while step > 0:
        other = cuda.shfl_down_sync(0xFFFFFFFF, m, step)
        more = cuda.shfl_down_sync(0xFFFFFFFF, d, step)
        high = max(m, other)
        if high > LOWEST:
            d = d * math.exp(m - high) + more * math.exp(other - high)
            m = high
        step //= 2
    if t % 32 == 0:
        peak[t // 32] = m
        part[t // 32] = d
    cuda.syncthreads()
    top = max(max(peak[0], peak[1]), max(peak[2], peak[3]))
    if top == LOWEST:
        top = np.float32(0)
    total = np.float32(0)
    for w in range(4):
        total += part[w] * math.exp(peak[w] - top)
    for j in range(t, x.shape[1], BLOCK):
        weight = math.exp(x[r, j] - top)
        out[r, j] = weight / total if total > np.float32(0) else np.float32(0)
