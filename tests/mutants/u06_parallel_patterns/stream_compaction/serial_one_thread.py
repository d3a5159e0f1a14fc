# expect: over_limit:global_load_requests, over_limit:global_store_requests
# Un solo hilo recorre toda la fila.
import numpy as np
from numba import cuda

BLOCK = 128


@cuda.jit
def stream_compaction(x, out, counts):
    kept = cuda.shared.array(1, np.int32)
    row = cuda.blockIdx.x
    if cuda.threadIdx.x == 0:
        kept[0] = 0
        for i in range(x.shape[1]):
            value = x[row, i]
            if value > np.float32(0):
                out[row, kept[0]] = value
                kept[0] += 1
        counts[row] = kept[0]
