# expect: wrong_values, unwritten_output, race
# Usa como casilla el número dentro del bloque: todos los bloques pisan las mismas.
from numba import cuda


@cuda.jit
def thread_ids(block_of, thread_of):
    i = cuda.threadIdx.x
    block_of[i] = cuda.blockIdx.x
    thread_of[i] = cuda.threadIdx.x
