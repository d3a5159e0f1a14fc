# Con un ciclo de zancada de malla.
from numba import cuda


@cuda.jit
def debug_lost_update(station, celsius, limit, count):
    for i in range(cuda.grid(1), celsius.size, cuda.gridsize(1)):
        if celsius[i] > limit:
            where = station[i]
            cuda.atomic.sub(count, where, -1)
