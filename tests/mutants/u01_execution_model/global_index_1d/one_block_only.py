# expect: unwritten_output
# Solo usa el número dentro del bloque.
from numba import cuda


@cuda.jit
def global_index_1d(out):
    i = cuda.threadIdx.x
    if i < out.size:
        out[i] = i
