# El índice lo da cuda.grid, y el hilo se despeja de él.
from numba import cuda


@cuda.jit
def thread_ids(block_of, thread_of):
    i = cuda.grid(1)
    width = cuda.blockDim.x
    block_of[i] = i // width
    thread_of[i] = i % width
