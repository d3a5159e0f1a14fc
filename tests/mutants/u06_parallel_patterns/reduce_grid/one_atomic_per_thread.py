# expect: over_limit:atomic_lanes
# Cada hilo lleva su acumulado a out.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def reduce_grid(x, y, out):
    total = np.float32(0)
    for i in range(cuda.grid(1), x.size, cuda.gridsize(1)):
        total += x[i] * y[i]
    cuda.atomic.add(out, 0, total)
