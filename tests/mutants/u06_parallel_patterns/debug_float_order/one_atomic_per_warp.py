# expect: order_dependent_bits
# Reduce cada warp con shuffles, pero los cuatro warps siguen llegando en cualquier orden.
import numpy as np
from numba import cuda

BLOCK = 128
SEGMENT = 1024


@cuda.jit
def debug_float_order(x, out):
    total = cuda.shared.array(1, np.float32)
    t = cuda.threadIdx.x
    start = cuda.blockIdx.x * SEGMENT
    if t == 0:
        total[0] = 0.0
    cuda.syncthreads()
    part = np.float32(0)
    for i in range(start + t, min(start + SEGMENT, x.size), BLOCK):
        part += x[i]
    for step in (16, 8, 4, 2, 1):
        part += cuda.shfl_down_sync(0xFFFFFFFF, part, step)
    if t % 32 == 0:
        cuda.atomic.add(total, 0, part)
    cuda.syncthreads()
    if t == 0:
        out[cuda.blockIdx.x] = total[0]
