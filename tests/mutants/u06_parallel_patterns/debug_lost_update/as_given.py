# expect: wrong_values, race
# El kernel roto, tal como viene en el enunciado.
from numba import cuda


@cuda.jit
def debug_lost_update(station, celsius, limit, count):
    i = cuda.grid(1)
    if i < celsius.size and celsius[i] > limit:
        count[station[i]] += 1
