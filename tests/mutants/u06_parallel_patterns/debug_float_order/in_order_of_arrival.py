# expect: order_dependent_bits
# Guarda cada parte en la casilla de su turno: la suma final va en orden de llegada.
import numpy as np
from numba import cuda

BLOCK = 128
SEGMENT = 1024


@cuda.jit
def debug_float_order(x, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    turn = cuda.shared.array(1, np.int32)
    t = cuda.threadIdx.x
    start = cuda.blockIdx.x * SEGMENT
    if t == 0:
        turn[0] = 0
    cuda.syncthreads()
    part = np.float32(0)
    for i in range(start + t, min(start + SEGMENT, x.size), BLOCK):
        part += x[i]
    tile[cuda.atomic.add(turn, 0, 1)] = part
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if t < step:
            tile[t] += tile[t + step]
        cuda.syncthreads()
        step //= 2
    if t == 0:
        out[cuda.blockIdx.x] = tile[0]
