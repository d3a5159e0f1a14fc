# Ciclo sin condición que se corta con break.
from numba import cuda


@cuda.jit
def saxpy_grid_stride(alpha, x, y, out):
    i = cuda.grid(1)
    while True:
        if i >= out.size:
            break
        out[i] = alpha * x[i] + y[i]
        i += cuda.gridsize(1)
