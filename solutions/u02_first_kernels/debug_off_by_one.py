from numba import cuda


@cuda.jit
def debug_off_by_one(x, out):
    ### BEGIN SOLUTION
    i = cuda.grid(1)
    if i < out.size:
        out[i] = x[i + 1] - x[i]
    ### END SOLUTION
