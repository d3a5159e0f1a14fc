from numba import cuda


@cuda.jit
def copy_coalesced(x, out):
    start = 4 * cuda.blockDim.x * cuda.blockIdx.x
    stop = min(start + 4 * cuda.blockDim.x, out.size)
    for i in range(start + cuda.threadIdx.x, stop, cuda.blockDim.x):
        out[i] = x[i]
