from numba import cuda


@cuda.jit
def global_index_1d(out):
    ### BEGIN SOLUTION
    i = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    if i < out.size:
        out[i] = i
    ### END SOLUTION
