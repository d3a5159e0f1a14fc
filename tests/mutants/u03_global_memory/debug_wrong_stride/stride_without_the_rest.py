# expect: unwritten_output
# Arregla la zancada entre vecinos, pero no las columnas que sobran.
from numba import cuda


@cuda.jit
def debug_wrong_stride(a, gain, out):
    row = cuda.blockIdx.x
    t = cuda.threadIdx.x
    cols = a.shape[1]
    chunk = cols // cuda.blockDim.x
    for k in range(chunk):
        c = t + k * cuda.blockDim.x
        out[row, c] = gain[row] * a[row, c]
