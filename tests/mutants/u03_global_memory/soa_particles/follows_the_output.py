# expect: over_limit:global_load_sectors
# Los hilos siguen el orden de la salida y saltan al leer.
from numba import cuda


@cuda.jit
def soa_particles(p, s):
    j = cuda.grid(1)
    n = p.shape[0]
    if j < p.size:
        f = j // n
        i = j % n
        s[f, i] = p[i, f]
