# Una vuelta con los datos corridos: resta el primer valor antes de elevar al cuadrado.
import math

import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def layernorm(x, gain, bias, eps, out):
    part = cuda.shared.array(BLOCK, np.float32)
    more = cuda.shared.array(BLOCK, np.float32)
    row = cuda.shared.array(0, np.float32)
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    n = np.float32(x.shape[1])
    first = x[r, 0]
    mine, squares = np.float32(0), np.float32(0)
    for j in range(t, x.shape[1], BLOCK):
        v = x[r, j] - first
        row[j] = v
        mine += v
        squares += v * v
    part[t] = mine
    more[t] = squares
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if t < step:
            part[t] += part[t + step]
            more[t] += more[t + step]
        cuda.syncthreads()
        step //= 2
    mean = part[0] / n
    variance = max(more[0] / n - mean * mean, np.float32(0))
    scale = np.float32(1) / math.sqrt(variance + eps)
    for j in range(t, x.shape[1], BLOCK):
        out[r, j] = (row[j] - mean) * scale * gain[j] + bias[j]
