# expect: race
# La zancada es un bloque: los bloques repiten el trabajo.
from numba import cuda


@cuda.jit
def saxpy_grid_stride(alpha, x, y, out):
    for i in range(cuda.grid(1), out.size, cuda.blockDim.x):
        out[i] = alpha * x[i] + y[i]
