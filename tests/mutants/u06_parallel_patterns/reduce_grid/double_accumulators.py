# expect: over_limit:double_operations
# Los acumuladores empiezan en 0.0, y las tres sumas van en float64.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def reduce_grid(x, y, out):
    tile = cuda.shared.array((3, BLOCK), np.float32)
    t = cuda.threadIdx.x
    xy, xx, yy = 0.0, 0.0, 0.0
    for i in range(cuda.grid(1), x.size, cuda.gridsize(1)):
        a, b = x[i], y[i]
        xy += a * b
        xx += a * a
        yy += b * b
    tile[0, t] = xy
    tile[1, t] = xx
    tile[2, t] = yy
    cuda.syncthreads()
    step = BLOCK // 2
    while step > 0:
        if t < step:
            for k in range(3):
                tile[k, t] += tile[k, t + step]
        cuda.syncthreads()
        step //= 2
    if t < 3:
        cuda.atomic.add(out, t, tile[t, 0])
