# expect: out_of_bounds
# Sin la guarda del tamaño.
from numba import cuda


@cuda.jit
def debug_lost_update(station, celsius, limit, count):
    i = cuda.grid(1)
    if celsius[i] > limit:
        cuda.atomic.add(count, station[i], 1)
