# expect: out_of_bounds
# Sin guarda: los hilos que sobran escriben fuera.
from numba import cuda


@cuda.jit
def global_index_1d(out):
    i = cuda.grid(1)
    out[i] = i
