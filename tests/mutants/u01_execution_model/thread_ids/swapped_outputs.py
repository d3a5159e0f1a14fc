# expect: wrong_values
# Guarda el hilo donde va el bloque, y al revés.
from numba import cuda


@cuda.jit
def thread_ids(block_of, thread_of):
    i = cuda.grid(1)
    block_of[i] = cuda.threadIdx.x
    thread_of[i] = cuda.blockIdx.x
