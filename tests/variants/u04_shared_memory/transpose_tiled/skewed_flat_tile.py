# Una tesela plana con un desplazamiento por fila en lugar de relleno.
import numpy as np
from numba import cuda

TILE = 32
CELLS = TILE * TILE


@cuda.jit
def transpose_tiled(a, out):
    tile = cuda.shared.array(CELLS, np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    c, f = cuda.grid(2)
    if f < a.shape[0] and c < a.shape[1]:
        tile[ty * TILE + (tx + ty) % TILE] = a[f, c]
    cuda.syncthreads()
    row = cuda.blockIdx.x * TILE + ty
    col = cuda.blockIdx.y * TILE + tx
    if row >= out.shape[0] or col >= out.shape[1]:
        return
    out[row, col] = tile[tx * TILE + (ty + tx) % TILE]
