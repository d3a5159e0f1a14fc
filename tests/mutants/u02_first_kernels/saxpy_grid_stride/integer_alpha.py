# expect: wrong_values
# Trunca alpha a entero.
from numba import cuda


@cuda.jit
def saxpy_grid_stride(alpha, x, y, out):
    factor = int(alpha)
    for i in range(cuda.grid(1), out.size, cuda.gridsize(1)):
        out[i] = factor * x[i] + y[i]
