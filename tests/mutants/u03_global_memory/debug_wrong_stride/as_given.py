# expect: unwritten_output
# El kernel roto, tal como viene en el enunciado.
from numba import cuda


@cuda.jit
def debug_wrong_stride(a, gain, out):
    row = cuda.blockIdx.x
    t = cuda.threadIdx.x
    cols = a.shape[1]
    chunk = cols // cuda.blockDim.x
    for k in range(chunk):
        c = t * chunk + k
        out[row, c] = gain[row] * a[row, c]
