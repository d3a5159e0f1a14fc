# expect: wrong_values
# Cuenta los hilos desde 1.
from numba import cuda


@cuda.jit
def thread_ids(block_of, thread_of):
    i = cuda.grid(1)
    block_of[i] = cuda.blockIdx.x
    thread_of[i] = cuda.threadIdx.x + 1
