# Sin relleno: cada fila de la tesela de b se guarda girada.
import numpy as np
from numba import cuda

TILE = 32
PADDED = TILE + 1


@cuda.jit
def matmul_transposed_b(a, b, c):
    ta = cuda.shared.array((TILE, TILE), np.float32)
    tb = cuda.shared.array((TILE, TILE), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    row = cuda.blockIdx.y * TILE + ty
    left = cuda.blockIdx.x * TILE
    zero = np.float32(0)
    inner = a.shape[1]
    total = zero
    for start in range(0, inner, TILE):
        k = start + tx
        ta[ty, tx] = a[row, k] if row < a.shape[0] and k < inner else zero
        tb[ty, (tx + ty) % TILE] = b[left + ty, k] if left + ty < b.shape[0] and k < inner else zero
        cuda.syncthreads()
        for j in range(TILE):
            total += ta[ty, j] * tb[tx, (j + tx) % TILE]
        cuda.syncthreads()
    if row < c.shape[0] and left + tx < c.shape[1]:
        c[row, left + tx] = total
