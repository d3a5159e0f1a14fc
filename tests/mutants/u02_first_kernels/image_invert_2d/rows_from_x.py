# expect: unwritten_output
# Toma la fila de x y la columna de y.
from numba import cuda


@cuda.jit
def image_invert_2d(img, out):
    f, c = cuda.grid(2)
    if f < img.shape[0] and c < img.shape[1]:
        out[f, c] = 255 - img[f, c]
