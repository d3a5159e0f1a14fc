# Numera los hilos de corrido y despeja fila y columna.
from numba import cuda


@cuda.jit
def outer_product(a, b, out):
    threads = cuda.blockDim.x * cuda.blockDim.y
    block = cuda.blockIdx.y * cuda.gridDim.x + cuda.blockIdx.x
    k = block * threads + cuda.threadIdx.y * cuda.blockDim.x + cuda.threadIdx.x
    rows, cols = out.shape
    if k < rows * cols:
        out[k // cols, k % cols] = a[k // cols] * b[k % cols]
