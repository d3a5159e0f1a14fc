# expect: wrong_values, out_of_bounds
# Usa la cabeza de consultas como si hubiera una de claves para cada una.
import math

import numpy as np
from numba import cuda

HEAD = 16
ROWS = 32
KEYS = 32


@cuda.jit
def attention_gqa(q, k, v, scale, out, lse):
    k_tile = cuda.shared.array((KEYS, HEAD), np.float32)
    v_tile = cuda.shared.array((KEYS, HEAD), np.float32)
    query = cuda.local.array(HEAD, np.float32)
    acc = cuda.local.array(HEAD, np.float32)
    group = cuda.blockDim.y
    b, kv = cuda.blockIdx.z, cuda.blockIdx.y
    h = kv * group + cuda.threadIdx.y
    i = cuda.blockIdx.x * ROWS + cuda.threadIdx.x
    t = cuda.threadIdx.y * ROWS + cuda.threadIdx.x
    n = q.shape[2]
    for c in range(HEAD):
        query[c] = q[b, h, i, c] * scale if i < n else np.float32(0)
        acc[c] = np.float32(0)
    m = np.float32(-np.inf)
    total = np.float32(0)
    for start in range(0, n, KEYS):
        keys = min(KEYS, n - start)
        for e in range(t, keys * HEAD, ROWS * group):
            j, c = e // HEAD, e % HEAD
            k_tile[j, c] = k[b, h, start + j, c]
            v_tile[j, c] = v[b, h, start + j, c]
        cuda.syncthreads()
        for j in range(keys):
            s = np.float32(0)
            for c in range(HEAD):
                s += query[c] * k_tile[j, c]
            m_new = max(m, s)
            alpha = math.exp(m - m_new)
            p = math.exp(s - m_new)
            total = total * alpha + p
            for c in range(HEAD):
                acc[c] = acc[c] * alpha + p * v_tile[j, c]
            m = m_new
        cuda.syncthreads()
    if i < n:
        lse[b, h, i] = m + math.log(total)
        for c in range(HEAD):
            out[b, h, i, c] = acc[c] / total
