# Con while e índices a mano.
from numba import cuda


@cuda.jit
def saxpy_grid_stride(alpha, x, y, out):
    step = cuda.gridDim.x * cuda.blockDim.x
    i = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    while i < x.size:
        out[i] = y[i] + x[i] * alpha
        i += step
