from numba import cuda


@cuda.jit
def saxpy_grid_stride(alpha, x, y, out):
    ### BEGIN SOLUTION
    for i in range(cuda.grid(1), out.size, cuda.gridsize(1)):
        out[i] = alpha * x[i] + y[i]
    ### END SOLUTION
