# expect: unwritten_output
# Cada hilo copia un solo elemento, y la malla no alcanza.
from numba import cuda


@cuda.jit
def copy_coalesced(x, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = x[i]
