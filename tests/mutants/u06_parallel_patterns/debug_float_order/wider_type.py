# expect: order_dependent_bits
# Cambia float32 por float64: redondea menos, pero sigue sumando en orden de llegada.
import numpy as np
from numba import cuda

BLOCK = 128
SEGMENT = 1024


@cuda.jit
def debug_float_order(x, out):
    total = cuda.shared.array(1, np.float64)
    t = cuda.threadIdx.x
    start = cuda.blockIdx.x * SEGMENT
    if t == 0:
        total[0] = 0.0
    cuda.syncthreads()
    part = np.float64(0)
    for i in range(start + t, min(start + SEGMENT, x.size), BLOCK):
        part += x[i]
    cuda.atomic.add(total, 0, part)
    cuda.syncthreads()
    if t == 0:
        out[cuda.blockIdx.x] = total[0]
