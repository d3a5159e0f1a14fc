# expect: unwritten_output
# La guarda deja fuera el último elemento.
from numba import cuda


@cuda.jit
def global_index_1d(out):
    i = cuda.grid(1)
    if i < out.size - 1:
        out[i] = i
