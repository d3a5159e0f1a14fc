# expect: over_limit:global_load_sectors
# Un hilo por partícula: lee cada 16 B.
from numba import cuda


@cuda.jit
def soa_particles(p, s):
    i = cuda.grid(1)
    if i < p.shape[0]:
        for f in range(4):
            s[f, i] = p[i, f]
