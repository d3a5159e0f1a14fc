# expect: over_limit:global_store_sectors, over_limit:global_load_sectors
# Redondea el tramo hacia arriba y agrega la guarda: correcto, pero sigue por tramos.
from numba import cuda


@cuda.jit
def debug_wrong_stride(a, gain, out):
    row = cuda.blockIdx.x
    t = cuda.threadIdx.x
    cols = a.shape[1]
    chunk = (cols + cuda.blockDim.x - 1) // cuda.blockDim.x
    for k in range(chunk):
        c = t * chunk + k
        if c < cols:
            out[row, c] = gain[row] * a[row, c]
