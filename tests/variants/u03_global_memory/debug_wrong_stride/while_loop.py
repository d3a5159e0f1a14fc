from numba import cuda


@cuda.jit
def debug_wrong_stride(a, gain, out):
    row = cuda.blockIdx.x
    c = cuda.threadIdx.x
    while c < a.shape[1]:
        out[row, c] = gain[row] * a[row, c]
        c += cuda.blockDim.x
