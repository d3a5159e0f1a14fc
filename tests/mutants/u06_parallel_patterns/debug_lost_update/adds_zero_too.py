# expect: over_limit:atomic_lanes
# Todos los hilos hacen la atómica, también quien no tiene nada que sumar.
from numba import cuda


@cuda.jit
def debug_lost_update(station, celsius, limit, count):
    i = cuda.grid(1)
    if i < celsius.size:
        hot = 1 if celsius[i] > limit else 0
        cuda.atomic.add(count, station[i], hot)
