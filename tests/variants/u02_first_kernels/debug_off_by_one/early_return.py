from numba import cuda


@cuda.jit
def debug_off_by_one(x, out):
    i = cuda.grid(1)
    if i >= out.size:
        return
    before = x[i]
    out[i] = x[i + 1] - before
