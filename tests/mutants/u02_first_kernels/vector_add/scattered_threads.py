# expect: over_limit:global_load_sectors
# Hilos vecinos toman elementos lejanos.
from numba import cuda


@cuda.jit
def vector_add(a, b, out):
    i = cuda.threadIdx.x * cuda.gridDim.x + cuda.blockIdx.x
    if i < out.size:
        out[i] = a[i] + b[i]
