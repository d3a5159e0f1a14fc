# expect: over_limit:double_operations
# Empieza la suma en 0.0, que es float64.
import numpy as np
from numba import cuda

HEAD = 16
TILE = 16
PADDED = HEAD + 1


@cuda.jit
def attention_scores(q, k, scale, s):
    q_tile = cuda.shared.array((TILE, HEAD), np.float32)
    k_tile = cuda.shared.array((TILE, PADDED), np.float32)
    x, y = cuda.threadIdx.x, cuda.threadIdx.y
    j, i = cuda.grid(2)
    key = cuda.blockIdx.x * TILE + y
    if i < q.shape[0]:
        q_tile[y, x] = q[i, x]
    if key < k.shape[0]:
        k_tile[y, x] = k[key, x]
    cuda.syncthreads()
    if i < s.shape[0] and j < s.shape[1]:
        dot = 0.0
        for c in range(HEAD):
            dot += q_tile[y, c] * k_tile[x, c]
        s[i, j] = scale * dot
