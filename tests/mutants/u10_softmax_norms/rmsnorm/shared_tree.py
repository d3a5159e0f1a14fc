# expect: over_limit:barriers
# Suma por mitades en memoria compartida, con una barrera por paso.
import math

import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def rmsnorm(x, gain, eps, out):
    part = cuda.shared.array(BLOCK, np.float32)
    row = cuda.shared.array(0, np.float32)
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    value = np.float32(0)
    for j in range(t, x.shape[1], BLOCK):
        row[j] = x[r, j]
        value += row[j] * row[j]
    part[t] = value
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if t < step:
            part[t] += part[t + step]
        cuda.syncthreads()
        step //= 2
    total = part[0]
    scale = np.float32(1) / math.sqrt(total / np.float32(x.shape[1]) + eps)
    for j in range(t, x.shape[1], BLOCK):
        out[r, j] = row[j] * scale * gain[j]
