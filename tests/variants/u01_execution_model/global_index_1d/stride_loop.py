# Con ciclo de zancada de malla.
from numba import cuda


@cuda.jit
def global_index_1d(out):
    for i in range(cuda.grid(1), out.size, cuda.gridsize(1)):
        out[i] = i
