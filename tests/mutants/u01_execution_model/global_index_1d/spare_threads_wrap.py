# expect: over_limit:global_store_bytes
# Los hilos que sobran dan la vuelta y escriben otra vez las primeras casillas.
from numba import cuda


@cuda.jit
def global_index_1d(out):
    i = cuda.grid(1) % out.size
    out[i] = i
