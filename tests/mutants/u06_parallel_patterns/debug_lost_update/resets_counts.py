# expect: wrong_values
# Pone las cuentas en cero: pierde las que ya había.
from numba import cuda


@cuda.jit
def debug_lost_update(station, celsius, limit, count):
    i = cuda.grid(1)
    if i < count.size:
        count[i] = 0
    cuda.syncthreads()
    if i < celsius.size and celsius[i] > limit:
        cuda.atomic.add(count, station[i], 1)
