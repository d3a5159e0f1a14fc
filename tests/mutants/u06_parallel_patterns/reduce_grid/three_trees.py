# expect: over_limit:barriers
# Un árbol detrás de otro: tres veces las barreras.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def reduce_grid(x, y, out):
    tile = cuda.shared.array(BLOCK, np.float32)
    t = cuda.threadIdx.x
    xy, xx, yy = np.float32(0), np.float32(0), np.float32(0)
    for i in range(cuda.grid(1), x.size, cuda.gridsize(1)):
        a, b = x[i], y[i]
        xy += a * b
        xx += a * a
        yy += b * b
    for k in range(3):
        tile[t] = xy if k == 0 else (xx if k == 1 else yy)
        cuda.syncthreads()
        step = BLOCK // 2
        while step > 0:
            if t < step:
                tile[t] += tile[t + step]
            cuda.syncthreads()
            step //= 2
        if t == 0:
            cuda.atomic.add(out, k, tile[0])
        cuda.syncthreads()
