# expect: over_limit:global_load_sectors
# Lee las dos matrices directamente, una clave por hilo.
import numpy as np
from numba import cuda

HEAD = 16
TILE = 16
PADDED = HEAD + 1


@cuda.jit
def attention_scores(q, k, scale, s):
    j, i = cuda.grid(2)
    if i < s.shape[0] and j < s.shape[1]:
        dot = np.float32(0)
        for c in range(HEAD):
            dot += q[i, c] * k[j, c]
        s[i, j] = scale * dot
