# expect: under_limit:shared_load_requests
# Evita la carrera sin usar la memoria compartida.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def debug_missing_barrier(x, out):
    t = cuda.threadIdx.x
    for start in range(cuda.blockIdx.x * BLOCK, x.size, cuda.gridDim.x * BLOCK):
        out[start + t] = x[start + t] - x[start + BLOCK - 1 - t]
