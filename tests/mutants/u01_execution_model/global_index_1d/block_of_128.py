# expect: unwritten_output
# Supone bloques de 128 hilos.
from numba import cuda


@cuda.jit
def global_index_1d(out):
    i = cuda.blockIdx.x * 128 + cuda.threadIdx.x
    if i < out.size:
        out[i] = i
