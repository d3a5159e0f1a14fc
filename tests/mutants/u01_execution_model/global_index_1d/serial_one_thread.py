# expect: over_limit:global_store_requests
# Un solo hilo escribe todas las casillas.
from numba import cuda


@cuda.jit
def global_index_1d(out):
    if cuda.grid(1) == 0:
        for i in range(out.size):
            out[i] = i
