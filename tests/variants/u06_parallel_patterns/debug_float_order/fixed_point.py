# Suma enteros de 64 bits con escala 2^20: en los enteros el orden no importa.
import numpy as np
from numba import cuda

BLOCK = 128
SEGMENT = 1024


@cuda.jit
def debug_float_order(x, out):
    total = cuda.shared.array(1, np.int64)
    t = cuda.threadIdx.x
    start = cuda.blockIdx.x * SEGMENT
    if t == 0:
        total[0] = 0
    cuda.syncthreads()
    part = np.float32(0)
    for i in range(start + t, min(start + SEGMENT, x.size), BLOCK):
        part += x[i]
    cuda.atomic.add(total, 0, np.int64(part * np.float32(1048576)))
    cuda.syncthreads()
    if t == 0:
        out[cuda.blockIdx.x] = np.float32(total[0]) / np.float32(1048576)
