# Una sola vuelta: cada hilo lleva cuenta, media y suma de cuadrados, y se juntan como Chan.
import math

import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def layernorm(x, gain, bias, eps, out):
    count = cuda.shared.array(BLOCK, np.float32)
    mean = cuda.shared.array(BLOCK, np.float32)
    spread = cuda.shared.array(BLOCK, np.float32)
    row = cuda.shared.array(0, np.float32)
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    n, mu, m2 = np.float32(0), np.float32(0), np.float32(0)
    for j in range(t, x.shape[1], BLOCK):
        v = x[r, j]
        row[j] = v
        n += np.float32(1)
        away = v - mu
        mu += away / n
        m2 += away * (v - mu)
    count[t] = n
    mean[t] = mu
    spread[t] = m2
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if t < step:
            more = count[t + step]
            both = count[t] + more
            if more > np.float32(0):
                away = mean[t + step] - mean[t]
                mean[t] += away * more / both
                spread[t] += spread[t + step] + away * away * count[t] * more / both
                count[t] = both
        cuda.syncthreads()
        step //= 2
    mu = mean[0]
    scale = np.float32(1) / math.sqrt(spread[0] / count[0] + eps)
    for j in range(t, x.shape[1], BLOCK):
        out[r, j] = (row[j] - mu) * scale * gain[j] + bias[j]
