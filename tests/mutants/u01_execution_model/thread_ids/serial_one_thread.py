# expect: over_limit:global_store_requests
# Un solo hilo escribe todas las casillas.
from numba import cuda


@cuda.jit
def thread_ids(block_of, thread_of):
    if cuda.grid(1) == 0:
        for i in range(block_of.size):
            block_of[i] = i // cuda.blockDim.x
            thread_of[i] = i % cuda.blockDim.x
