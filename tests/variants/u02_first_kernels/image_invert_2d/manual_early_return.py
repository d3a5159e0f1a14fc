# Índices a mano y salida temprana.
from numba import cuda


@cuda.jit
def image_invert_2d(img, out):
    c = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    f = cuda.blockIdx.y * cuda.blockDim.y + cuda.threadIdx.y
    rows, cols = out.shape
    if c >= cols or f >= rows:
        return
    out[f, c] = 255 - img[f, c]
