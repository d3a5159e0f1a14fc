# expect: unwritten_output
# Un elemento por hilo: la malla no alcanza.
from numba import cuda


@cuda.jit
def saxpy_grid_stride(alpha, x, y, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = alpha * x[i] + y[i]
