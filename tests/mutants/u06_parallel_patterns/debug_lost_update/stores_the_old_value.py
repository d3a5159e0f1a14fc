# expect: wrong_values
# Guarda lo que devuelve la atómica, que es el valor anterior, y la deshace.
from numba import cuda


@cuda.jit
def debug_lost_update(station, celsius, limit, count):
    i = cuda.grid(1)
    if i < celsius.size and celsius[i] > limit:
        count[station[i]] = cuda.atomic.add(count, station[i], 1)
