# expect: over_limit:global_store_sectors
# Los carriles vecinos escriben una columna.
from numba import cuda


@cuda.jit
def outer_product(a, b, out):
    x, y = cuda.grid(2)
    step_x, step_y = cuda.gridsize(2)
    for i in range(x, out.shape[0], step_x):
        for j in range(y, out.shape[1], step_y):
            out[i, j] = a[i] * b[j]
