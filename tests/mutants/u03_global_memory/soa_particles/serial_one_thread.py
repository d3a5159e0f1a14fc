# expect: over_limit:global_load_sectors, over_limit:global_store_sectors, over_limit:global_load_requests
# Un solo hilo mueve todo.
from numba import cuda


@cuda.jit
def soa_particles(p, s):
    if cuda.grid(1) == 0:
        for i in range(p.shape[0]):
            for f in range(4):
                s[f, i] = p[i, f]
