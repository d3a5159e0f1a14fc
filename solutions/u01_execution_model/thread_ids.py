from numba import cuda


@cuda.jit
def thread_ids(block_of, thread_of):
    ### BEGIN SOLUTION
    i = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    block_of[i] = cuda.blockIdx.x
    thread_of[i] = cuda.threadIdx.x
    ### END SOLUTION
