# expect: wrong_values, race
# Supone bloques de 32 hilos.
from numba import cuda


@cuda.jit
def thread_ids(block_of, thread_of):
    i = cuda.blockIdx.x * 32 + cuda.threadIdx.x
    block_of[i] = cuda.blockIdx.x
    thread_of[i] = cuda.threadIdx.x
