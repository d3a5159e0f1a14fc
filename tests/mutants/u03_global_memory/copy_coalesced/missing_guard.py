# expect: out_of_bounds
# No pregunta si el elemento existe.
from numba import cuda


@cuda.jit
def copy_coalesced(x, out):
    start = 4 * cuda.blockDim.x * cuda.blockIdx.x
    for k in range(4):
        i = start + k * cuda.blockDim.x + cuda.threadIdx.x
        out[i] = x[i]
