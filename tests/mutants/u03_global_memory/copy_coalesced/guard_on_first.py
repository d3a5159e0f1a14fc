# expect: out_of_bounds
# Solo pregunta por el primero de los cuatro.
from numba import cuda


@cuda.jit
def copy_coalesced(x, out):
    start = 4 * cuda.blockDim.x * cuda.blockIdx.x
    i = start + cuda.threadIdx.x
    if i < out.size:
        for k in range(4):
            out[i + k * cuda.blockDim.x] = x[i + k * cuda.blockDim.x]
