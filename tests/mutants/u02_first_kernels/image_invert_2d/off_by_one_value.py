# expect: wrong_values
# Resta de 256, que da la vuelta en uint8.
from numba import cuda


@cuda.jit
def image_invert_2d(img, out):
    c, f = cuda.grid(2)
    if f < img.shape[0] and c < img.shape[1]:
        out[f, c] = 256 - img[f, c]
