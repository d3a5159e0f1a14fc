from numba import cuda


@cuda.jit
def copy_coalesced(x, out):
    for i in range(cuda.grid(1), out.size, cuda.gridsize(1)):
        out[i] = x[i]
