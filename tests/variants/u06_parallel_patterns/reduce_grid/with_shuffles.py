# Cada warp se reduce con shuffles, y un hilo por suma junta las cuatro partes.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def reduce_grid(x, y, out):
    parts = cuda.shared.array((4, 3), np.float32)
    t = cuda.threadIdx.x
    xy, xx, yy = np.float32(0), np.float32(0), np.float32(0)
    i = cuda.grid(1)
    while i < x.size:
        a, b = x[i], y[i]
        xy, xx, yy = xy + a * b, xx + a * a, yy + b * b
        i += cuda.gridsize(1)
    for step in (16, 8, 4, 2, 1):
        xy += cuda.shfl_down_sync(0xFFFFFFFF, xy, step)
        xx += cuda.shfl_down_sync(0xFFFFFFFF, xx, step)
        yy += cuda.shfl_down_sync(0xFFFFFFFF, yy, step)
    if t % 32 == 0:
        parts[t // 32, 0] = xy
        parts[t // 32, 1] = xx
        parts[t // 32, 2] = yy
    cuda.syncthreads()
    if t < 3:
        cuda.atomic.add(out, t, parts[0, t] + parts[1, t] + parts[2, t] + parts[3, t])
