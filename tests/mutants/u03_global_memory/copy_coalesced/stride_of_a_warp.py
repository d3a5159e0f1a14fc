# expect: unwritten_output, race
# La zancada es de un warp y no de un bloque.
from numba import cuda


@cuda.jit
def copy_coalesced(x, out):
    start = 4 * cuda.blockDim.x * cuda.blockIdx.x
    for k in range(4):
        i = start + k * 32 + cuda.threadIdx.x
        if i < out.size:
            out[i] = x[i]
