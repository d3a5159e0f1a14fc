# expect: wrong_values, out_of_bounds
# Toma el factor de la columna.
from numba import cuda


@cuda.jit
def debug_wrong_stride(a, gain, out):
    row = cuda.blockIdx.x
    for c in range(cuda.threadIdx.x, a.shape[1], cuda.blockDim.x):
        out[row, c] = gain[c] * a[row, c]
