from numba import cuda


@cuda.jit
def debug_wrong_stride(a, gain, out):
    row = cuda.blockIdx.x
    cols = a.shape[1]
    turns = (cols + cuda.blockDim.x - 1) // cuda.blockDim.x
    for k in range(turns):
        c = k * cuda.blockDim.x + cuda.threadIdx.x
        if c < cols:
            out[row, c] = gain[row] * a[row, c]
