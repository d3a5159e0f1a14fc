# expect: wrong_values
# También cuenta las lecturas iguales al límite.
from numba import cuda


@cuda.jit
def debug_lost_update(station, celsius, limit, count):
    i = cuda.grid(1)
    if i < celsius.size and celsius[i] >= limit:
        cuda.atomic.add(count, station[i], 1)
