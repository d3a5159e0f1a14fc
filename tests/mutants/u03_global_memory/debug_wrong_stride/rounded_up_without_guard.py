# expect: wrong_values, out_of_bounds
# Redondea hacia arriba y olvida la guarda.
from numba import cuda


@cuda.jit
def debug_wrong_stride(a, gain, out):
    row = cuda.blockIdx.x
    t = cuda.threadIdx.x
    cols = a.shape[1]
    chunk = (cols + cuda.blockDim.x - 1) // cuda.blockDim.x
    for k in range(chunk):
        c = t * chunk + k
        out[row, c] = gain[row] * a[row, c]
