# expect: unwritten_output
# Olvida el cuarto número de cada partícula.
from numba import cuda


@cuda.jit
def soa_particles(p, s):
    j = cuda.grid(1)
    if j < p.size:
        i = j // 4
        f = j % 4
        if f < 3:
            s[f, i] = p[i, f]
