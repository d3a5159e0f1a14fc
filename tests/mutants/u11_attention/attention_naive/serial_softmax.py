# expect: over_limit:global_load_sectors
# En el softmax trabaja un solo hilo por fila.
import math

import numpy as np
from numba import cuda

HEAD = 16
TILE = 16
PADDED = HEAD + 1
THREADS = 64


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
        dot = np.float32(0)
        for c in range(HEAD):
            dot += q_tile[y, c] * k_tile[x, c]
        s[i, j] = scale * dot


@cuda.jit
def softmax_rows(s, p):
    row, t = cuda.blockIdx.x, cuda.threadIdx.x
    if t == 0:
        top = np.float32(-np.inf)
        for j in range(s.shape[1]):
            top = max(top, s[row, j])
        total = np.float32(0)
        for j in range(s.shape[1]):
            total += math.exp(s[row, j] - top)
        for j in range(s.shape[1]):
            p[row, j] = math.exp(s[row, j] - top) / total


@cuda.jit
def weighted_values(p, v, out):
    c, i = cuda.grid(2)
    if i < out.shape[0] and c < HEAD:
        total = np.float32(0)
        for j in range(p.shape[1]):
            total += p[i, j] * v[j, c]
        out[i, c] = total
