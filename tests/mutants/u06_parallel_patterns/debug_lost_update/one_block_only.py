# expect: wrong_values
# Solo atiende las lecturas del primer bloque.
from numba import cuda


@cuda.jit
def debug_lost_update(station, celsius, limit, count):
    i = cuda.threadIdx.x
    if cuda.blockIdx.x == 0 and i < celsius.size and celsius[i] > limit:
        cuda.atomic.add(count, station[i], 1)
