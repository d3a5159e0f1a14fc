# expect: under_limit:shared_load_requests
# Cuenta directo en la memoria global.
from numba import cuda

BINS = 64


@cuda.jit
def histogram_shared(x, counts):
    for i in range(cuda.grid(1), x.size, cuda.gridsize(1)):
        value = x[i]
        if value >= 0 and value < BINS:
            cuda.atomic.add(counts, value, 1)
