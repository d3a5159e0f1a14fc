from numba import cuda


@cuda.jit
def debug_wrong_stride(a, gain, out):
    row = cuda.blockIdx.x
    factor = gain[row]
    for c in range(cuda.threadIdx.x, a.shape[1], cuda.blockDim.x):
        out[row, c] = factor * a[row, c]
