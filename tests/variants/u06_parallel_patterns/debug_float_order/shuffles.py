# Con shuffles y una casilla por warp, que se suman siempre en el mismo orden.
import numpy as np
from numba import cuda

BLOCK = 128
SEGMENT = 1024


@cuda.jit
def debug_float_order(x, out):
    parts = cuda.shared.array(4, np.float32)
    t = cuda.threadIdx.x
    start = cuda.blockIdx.x * SEGMENT
    part = np.float32(0)
    for i in range(start + t, min(start + SEGMENT, x.size), BLOCK):
        part += x[i]
    for step in (16, 8, 4, 2, 1):
        part += cuda.shfl_down_sync(0xFFFFFFFF, part, step)
    if t % 32 == 0:
        parts[t // 32] = part
    cuda.syncthreads()
    if t == 0:
        out[cuda.blockIdx.x] = (parts[0] + parts[1]) + (parts[2] + parts[3])
