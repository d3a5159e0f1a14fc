# expect: over_limit:atomic_lanes
# Cada hilo lleva sus acumulados a out.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def reduce_grid(x, y, out):
    xy, xx, yy = np.float32(0), np.float32(0), np.float32(0)
    for i in range(cuda.grid(1), x.size, cuda.gridsize(1)):
        a, b = x[i], y[i]
        xy += a * b
        xx += a * a
        yy += b * b
    cuda.atomic.add(out, 0, xy)
    cuda.atomic.add(out, 1, xx)
    cuda.atomic.add(out, 2, yy)
