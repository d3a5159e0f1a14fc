# Zancada de malla en las dos dimensiones.
from numba import cuda


@cuda.jit
def image_invert_2d(img, out):
    x, y = cuda.grid(2)
    step_x, step_y = cuda.gridsize(2)
    for f in range(y, img.shape[0], step_y):
        for c in range(x, img.shape[1], step_x):
            out[f, c] = ~img[f, c]
