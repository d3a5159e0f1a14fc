from numba import cuda


@cuda.jit
def clamp_guard(x, lo, hi, out):
    ### BEGIN SOLUTION
    i = cuda.grid(1)
    if i < out.size:
        v = x[i]
        if v < lo:
            v = lo
        elif v > hi:
            v = hi
        out[i] = v
    ### END SOLUTION
