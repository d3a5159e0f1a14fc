# Después de la carga, cada suma la termina un warp distinto.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def reduce_grid(x, y, out):
    tile = cuda.shared.array((3, BLOCK), np.float32)
    t = cuda.threadIdx.x
    lane, k = t % 32, t // 32
    xy, xx, yy = np.float32(0), np.float32(0), np.float32(0)
    for i in range(cuda.grid(1), x.size, cuda.gridsize(1)):
        a, b = x[i], y[i]
        xy += a * b
        xx += a * a
        yy += b * b
    tile[0, t] = xy
    tile[1, t] = xx
    tile[2, t] = yy
    cuda.syncthreads()
    if k < 3:
        total = tile[k, lane] + tile[k, lane + 32] + tile[k, lane + 64] + tile[k, lane + 96]
        for step in (16, 8, 4, 2, 1):
            total += cuda.shfl_down_sync(0xFFFFFFFF, total, step)
        if lane == 0:
            cuda.atomic.add(out, k, total)
