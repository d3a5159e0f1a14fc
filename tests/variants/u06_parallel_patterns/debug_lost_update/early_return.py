# Con salida temprana y el resultado de la atómica guardado.
from numba import cuda


@cuda.jit
def debug_lost_update(station, celsius, limit, count):
    i = cuda.grid(1)
    if i >= celsius.size:
        return
    if celsius[i] > limit:
        before = cuda.atomic.add(count, station[i], 1)  # noqa: F841
