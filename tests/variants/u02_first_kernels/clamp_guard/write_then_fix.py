# Copia el valor y después lo corrige.
from numba import cuda


@cuda.jit
def clamp_guard(x, lo, hi, out):
    i = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    if i < x.shape[0]:
        v = x[i]
        out[i] = v
        if v < lo:
            out[i] = lo
        if v > hi:
            out[i] = hi
