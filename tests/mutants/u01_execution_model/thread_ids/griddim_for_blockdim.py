# expect: wrong_values, race
# Multiplica por gridDim en lugar de blockDim.
from numba import cuda


@cuda.jit
def thread_ids(block_of, thread_of):
    i = cuda.blockIdx.x * cuda.gridDim.x + cuda.threadIdx.x
    block_of[i] = cuda.blockIdx.x
    thread_of[i] = cuda.threadIdx.x
