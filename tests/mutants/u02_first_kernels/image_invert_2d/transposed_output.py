# expect: wrong_values, out_of_bounds
# Escribe la imagen transpuesta.
from numba import cuda


@cuda.jit
def image_invert_2d(img, out):
    c, f = cuda.grid(2)
    if f < img.shape[0] and c < img.shape[1]:
        out[c, f] = 255 - img[f, c]
