# Lee menos infinito donde hay relleno, y no vuelve a preguntar por el largo.
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
    top = max(part[0], np.float32(-3e38))
    cuda.syncthreads()
    mine = np.float32(0)
    for j in range(t, x.shape[1], BLOCK):
        v = x[r, j] if j < lengths[r] else LOWEST
        mine += math.exp(v - top)
    part[t] = mine
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if t < step:
            part[t] += part[t + step]
        cuda.syncthreads()
        step //= 2
    total = max(part[0], np.float32(1e-30))
    for j in range(t, x.shape[1], BLOCK):
        v = x[r, j] if j < lengths[r] else LOWEST
        out[r, j] = math.exp(v - top) / total
