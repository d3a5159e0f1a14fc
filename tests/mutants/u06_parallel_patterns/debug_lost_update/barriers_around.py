# expect: wrong_values, race
# Espera entre leer y escribir: la barrera no evita que dos hilos lean lo mismo.
from numba import cuda


@cuda.jit
def debug_lost_update(station, celsius, limit, count):
    i = cuda.grid(1)
    before = 0
    if i < celsius.size:
        before = count[station[i]]
    cuda.syncthreads()
    if i < celsius.size and celsius[i] > limit:
        count[station[i]] = before + 1
