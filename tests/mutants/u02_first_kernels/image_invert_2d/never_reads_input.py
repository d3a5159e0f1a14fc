# expect: wrong_values
# Pinta todo de blanco.
from numba import cuda


@cuda.jit
def image_invert_2d(img, out):
    c, f = cuda.grid(2)
    if f < out.shape[0] and c < out.shape[1]:
        out[f, c] = 255
