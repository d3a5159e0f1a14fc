# El bloque se reduce con shuffles.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def reduce_grid(x, y, out):
    parts = cuda.shared.array(4, np.float32)
    t = cuda.threadIdx.x
    total = np.float32(0)
    i = cuda.grid(1)
    while i < x.size:
        total += x[i] * y[i]
        i += cuda.gridsize(1)
    for step in (16, 8, 4, 2, 1):
        total += cuda.shfl_down_sync(0xFFFFFFFF, total, step)
    if t % 32 == 0:
        parts[t // 32] = total
    cuda.syncthreads()
    if t == 0:
        cuda.atomic.add(out, 0, parts[0] + parts[1] + parts[2] + parts[3])
