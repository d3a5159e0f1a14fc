# expect: unwritten_output
# Funciona con un solo bloque.
from numba import cuda


@cuda.jit
def image_invert_2d(img, out):
    c, f = cuda.threadIdx.x, cuda.threadIdx.y
    if f < img.shape[0] and c < img.shape[1]:
        out[f, c] = 255 - img[f, c]
