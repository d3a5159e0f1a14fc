# expect: order_dependent
# Reparte los lugares con una operación atómica: el orden depende de quién llega antes.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def stream_compaction(x, out, counts):
    taken = cuda.shared.array(1, np.int32)
    t = cuda.threadIdx.x
    row = cuda.blockIdx.x
    if t == 0:
        taken[0] = 0
    cuda.syncthreads()
    for i in range(t, x.shape[1], BLOCK):
        value = x[row, i]
        if value > np.float32(0):
            place = cuda.atomic.add(taken, 0, 1)
            out[row, place] = value
    cuda.syncthreads()
    if t == 0:
        counts[row] = taken[0]
