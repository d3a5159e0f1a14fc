# expect: wrong_values
# Lee el campo siguiente.
from numba import cuda


@cuda.jit
def soa_particles(p, s):
    j = cuda.grid(1)
    if j < p.size:
        i = j // 4
        f = j % 4
        s[f, i] = p[i, (f + 1) % 4]
