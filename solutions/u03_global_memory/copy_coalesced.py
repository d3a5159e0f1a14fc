from numba import cuda


@cuda.jit
def copy_coalesced(x, out):
    ### BEGIN SOLUTION
    start = 4 * cuda.blockDim.x * cuda.blockIdx.x
    for k in range(4):
        i = start + k * cuda.blockDim.x + cuda.threadIdx.x
        if i < out.size:
            out[i] = x[i]
    ### END SOLUTION
