# expect: over_limit:atomic_lanes
# Tres atómicas por elemento.
from numba import cuda

BLOCK = 128


@cuda.jit
def reduce_grid(x, y, out):
    for i in range(cuda.grid(1), x.size, cuda.gridsize(1)):
        a, b = x[i], y[i]
        cuda.atomic.add(out, 0, a * b)
        cuda.atomic.add(out, 1, a * a)
        cuda.atomic.add(out, 2, b * b)
