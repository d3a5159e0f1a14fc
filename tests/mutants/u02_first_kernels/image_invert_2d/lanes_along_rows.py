# expect: over_limit:global_load_sectors
# Los carriles vecinos recorren filas en lugar de columnas.
from numba import cuda


@cuda.jit
def image_invert_2d(img, out):
    x, y = cuda.grid(2)
    step_x, step_y = cuda.gridsize(2)
    for f in range(x, img.shape[0], step_x):
        for c in range(y, img.shape[1], step_y):
            out[f, c] = 255 - img[f, c]
