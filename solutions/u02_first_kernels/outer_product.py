from numba import cuda


@cuda.jit
def outer_product(a, b, out):
    ### BEGIN SOLUTION
    j, i = cuda.grid(2)
    if i < out.shape[0] and j < out.shape[1]:
        out[i, j] = a[i] * b[j]
    ### END SOLUTION
