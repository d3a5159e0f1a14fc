# expect: unwritten_output
# Olvida la segunda salida.
from numba import cuda


@cuda.jit
def thread_ids(block_of, thread_of):
    i = cuda.grid(1)
    block_of[i] = cuda.blockIdx.x
