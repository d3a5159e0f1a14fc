from numba import cuda


@cuda.jit
def debug_lost_update(station, celsius, limit, count):
    ### BEGIN SOLUTION
    i = cuda.grid(1)
    if i < celsius.size and celsius[i] > limit:
        cuda.atomic.add(count, station[i], 1)
    ### END SOLUTION
