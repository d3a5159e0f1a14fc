from numba import cuda


@cuda.jit
def debug_wrong_stride(a, gain, out):
    ### BEGIN SOLUTION
    row = cuda.blockIdx.x
    t = cuda.threadIdx.x
    cols = a.shape[1]
    for c in range(t, cols, cuda.blockDim.x):
        out[row, c] = gain[row] * a[row, c]
    ### END SOLUTION
