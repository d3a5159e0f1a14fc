# Con shuffles: cuatro parciales por bloque en lugar de 128.
import math

import numpy as np
from numba import cuda

BLOCK = 128
LOWEST = np.float32(-np.inf)


@cuda.jit
def softmax_stable(x, lengths, out):
    part = cuda.shared.array(4, np.float32)
    r, t = cuda.blockIdx.x, cuda.threadIdx.x
    n = lengths[r]
    mine = LOWEST
    for j in range(t, n, BLOCK):
        mine = max(mine, x[r, j])
    step = 16
    while step > 0:
        mine = max(mine, cuda.shfl_down_sync(0xFFFFFFFF, mine, step))
        step //= 2
    if t % 32 == 0:
        part[t // 32] = mine
    cuda.syncthreads()
    top = LOWEST
    for w in range(4):
        top = max(top, part[w])
    cuda.syncthreads()
    if top == LOWEST:
        top = np.float32(0)
    mine = np.float32(0)
    for j in range(t, n, BLOCK):
        mine += math.exp(x[r, j] - top)
    step = 16
    while step > 0:
        mine += cuda.shfl_down_sync(0xFFFFFFFF, mine, step)
        step //= 2
    if t % 32 == 0:
        part[t // 32] = mine
    cuda.syncthreads()
    total = part[0] + part[1] + part[2] + part[3]
    for j in range(t, x.shape[1], BLOCK):
        weight = np.float32(0)
        if j < n and total > np.float32(0):
            weight = math.exp(x[r, j] - top) / total
        out[r, j] = weight
