from numba import cuda


@cuda.jit
def copy_coalesced(x, out):
    n, step = out.size, cuda.blockDim.x
    i = 4 * step * cuda.blockIdx.x + cuda.threadIdx.x
    if i < n:
        out[i] = x[i]
    if i + step < n:
        out[i + step] = x[i + step]
    if i + 2 * step < n:
        out[i + 2 * step] = x[i + 2 * step]
    if i + 3 * step < n:
        out[i + 3 * step] = x[i + 3 * step]
