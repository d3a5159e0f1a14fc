# expect: unwritten_output, out_of_bounds
# Escribe una casilla más allá.
from numba import cuda


@cuda.jit
def thread_ids(block_of, thread_of):
    i = cuda.grid(1) + 1
    block_of[i] = cuda.blockIdx.x
    thread_of[i] = cuda.threadIdx.x
