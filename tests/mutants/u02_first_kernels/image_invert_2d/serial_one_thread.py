# expect: over_limit:global_load_requests, over_limit:global_load_sectors
# Un solo hilo recorre la imagen.
from numba import cuda


@cuda.jit
def image_invert_2d(img, out):
    c, f = cuda.grid(2)
    if f == 0 and c == 0:
        for i in range(img.shape[0]):
            for j in range(img.shape[1]):
                out[i, j] = 255 - img[i, j]
