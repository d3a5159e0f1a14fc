# Con guarda y zancada, aunque aquí no hagan falta.
from numba import cuda


@cuda.jit
def thread_ids(block_of, thread_of):
    block, thread = cuda.blockIdx.x, cuda.threadIdx.x
    start = block * cuda.blockDim.x + thread
    for i in range(start, block_of.size, cuda.gridsize(1)):
        block_of[i] = block
        thread_of[i] = thread
