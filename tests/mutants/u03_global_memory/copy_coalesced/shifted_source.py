# expect: wrong_values
# Lee el elemento siguiente.
from numba import cuda


@cuda.jit
def copy_coalesced(x, out):
    start = 4 * cuda.blockDim.x * cuda.blockIdx.x
    for k in range(4):
        i = start + k * cuda.blockDim.x + cuda.threadIdx.x
        if i < out.size:
            out[i] = x[(i + 1) % out.size]
