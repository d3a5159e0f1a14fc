# expect: out_of_bounds
# El ciclo da una vuelta de más.
from numba import cuda


@cuda.jit
def saxpy_grid_stride(alpha, x, y, out):
    for i in range(cuda.grid(1), out.size + 1, cuda.gridsize(1)):
        out[i] = alpha * x[i] + y[i]
