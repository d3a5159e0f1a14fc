# expect: unwritten_output, out_of_bounds
# Compara la fila con las columnas y la columna con las filas.
from numba import cuda


@cuda.jit
def image_invert_2d(img, out):
    c, f = cuda.grid(2)
    if f < img.shape[1] and c < img.shape[0]:
        out[f, c] = 255 - img[f, c]
