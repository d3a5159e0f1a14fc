# expect: over_limit:double_operations
# La suma de los pesos empieza en 0.0, que es float64.
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
    tile = cuda.shared.array(THREADS, np.float32)
    row, t = cuda.blockIdx.x, cuda.threadIdx.x
    top = np.float32(-np.inf)
    for j in range(t, s.shape[1], THREADS):
        top = max(top, s[row, j])
    tile[t] = top
    cuda.syncthreads()
    step = THREADS // 2
    while step > 0:
        if t < step:
            tile[t] = max(tile[t], tile[t + step])
        cuda.syncthreads()
        step //= 2
    top = tile[0]
    cuda.syncthreads()
    total = np.float32(0)
    for j in range(t, s.shape[1], THREADS):
        total += math.exp(s[row, j] - top)
    tile[t] = total
    cuda.syncthreads()
    step = THREADS // 2
    while step > 0:
        if t < step:
            tile[t] += tile[t + step]
        cuda.syncthreads()
        step //= 2
    total = tile[0]
    for j in range(t, s.shape[1], THREADS):
        p[row, j] = math.exp(s[row, j] - top) / total


@cuda.jit
def weighted_values(p, v, out):
    c, i = cuda.grid(2)
    if i < out.shape[0] and c < HEAD:
        total = 0.0
        for j in range(p.shape[1]):
            total += p[i, j] * v[j, c]
        out[i, c] = total
