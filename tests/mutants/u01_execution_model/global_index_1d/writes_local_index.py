# expect: wrong_values
# La casilla es la correcta, pero guarda el número dentro del bloque.
from numba import cuda


@cuda.jit
def global_index_1d(out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = cuda.threadIdx.x
