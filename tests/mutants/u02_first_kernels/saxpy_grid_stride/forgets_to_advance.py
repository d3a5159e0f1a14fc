# expect: loop_budget
# El índice no avanza dentro del while.
from numba import cuda


@cuda.jit
def saxpy_grid_stride(alpha, x, y, out):
    i = cuda.grid(1)
    step = cuda.gridsize(1)
    while i < out.size:
        out[i] = alpha * x[i] + y[i]
        step += i
