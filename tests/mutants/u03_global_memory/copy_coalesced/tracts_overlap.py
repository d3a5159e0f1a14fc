# expect: unwritten_output, race
# Los bloques empiezan demasiado cerca: repiten tramos y dejan el final.
from numba import cuda


@cuda.jit
def copy_coalesced(x, out):
    start = cuda.blockDim.x * cuda.blockIdx.x
    for k in range(4):
        i = start + k * cuda.blockDim.x + cuda.threadIdx.x
        if i < out.size:
            out[i] = x[i]
