# expect: over_limit:global_load_sectors
# Cada hilo lee las claves y los valores de la memoria global.
import math

import numpy as np
from numba import cuda

HEAD = 16
ROWS = 64
KEYS = 32


@cuda.jit
def flash_attention_forward(q, k, v, scale, out, lse):
    query = cuda.local.array(HEAD, np.float32)
    acc = cuda.local.array(HEAD, np.float32)
    i = cuda.grid(1)
    n_q, n_k = q.shape[0], k.shape[0]
    for c in range(HEAD):
        query[c] = q[i, c] * scale if i < n_q else np.float32(0)
        acc[c] = np.float32(0)
    m = np.float32(-np.inf)
    total = np.float32(0)
    for j in range(n_k):
        s = np.float32(0)
        for c in range(HEAD):
            s += query[c] * k[j, c]
        m_new = max(m, s)
        alpha = math.exp(m - m_new)
        p = math.exp(s - m_new)
        total = total * alpha + p
        for c in range(HEAD):
            acc[c] = acc[c] * alpha + p * v[j, c]
        m = m_new
    if i < n_q:
        lse[i] = m + math.log(total)
        for c in range(HEAD):
            out[i, c] = acc[c] / total
