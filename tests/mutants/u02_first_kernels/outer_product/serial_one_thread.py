# expect: over_limit:global_store_requests, over_limit:global_store_sectors
# Un solo hilo llena la tabla.
from numba import cuda


@cuda.jit
def outer_product(a, b, out):
    x, y = cuda.grid(2)
    if x == 0 and y == 0:
        for i in range(out.shape[0]):
            for j in range(out.shape[1]):
                out[i, j] = a[i] * b[j]
