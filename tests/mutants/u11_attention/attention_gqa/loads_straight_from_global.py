# expect: over_limit:global_load_bytes
# Cada hilo lee las claves y los valores de la memoria global.
import math

import numpy as np
from numba import cuda

HEAD = 16
ROWS = 32
KEYS = 32


@cuda.jit
def attention_gqa(q, k, v, scale, out, lse):
    query = cuda.local.array(HEAD, np.float32)
    acc = cuda.local.array(HEAD, np.float32)
    group = cuda.blockDim.y
    b, kv = cuda.blockIdx.z, cuda.blockIdx.y
    h = kv * group + cuda.threadIdx.y
    i = cuda.blockIdx.x * ROWS + cuda.threadIdx.x
    n = q.shape[2]
    for c in range(HEAD):
        query[c] = q[b, h, i, c] * scale if i < n else np.float32(0)
        acc[c] = np.float32(0)
    m = np.float32(-np.inf)
    total = np.float32(0)
    for j in range(n):
        s = np.float32(0)
        for c in range(HEAD):
            s += query[c] * k[b, kv, j, c]
        m_new = max(m, s)
        alpha = math.exp(m - m_new)
        p = math.exp(s - m_new)
        total = total * alpha + p
        for c in range(HEAD):
            acc[c] = acc[c] * alpha + p * v[b, kv, j, c]
        m = m_new
    if i < n:
        lse[b, h, i] = m + math.log(total)
        for c in range(HEAD):
            out[b, h, i, c] = acc[c] / total
