# expect: over_limit:global_load_requests
# Un solo hilo cuenta por todos: no hay carrera, ni paralelismo.
from numba import cuda


@cuda.jit
def debug_lost_update(station, celsius, limit, count):
    if cuda.grid(1) == 0:
        for i in range(celsius.size):
            if celsius[i] > limit:
                count[station[i]] += 1
