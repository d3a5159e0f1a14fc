# expect: wrong_values, out_of_bounds
# Suma en la casilla de la lectura y no en la de su estación.
from numba import cuda


@cuda.jit
def debug_lost_update(station, celsius, limit, count):
    i = cuda.grid(1)
    if i < celsius.size and celsius[i] > limit:
        cuda.atomic.add(count, i, 1)
