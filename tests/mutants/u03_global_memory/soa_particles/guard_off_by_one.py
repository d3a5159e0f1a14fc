# expect: wrong_values, out_of_bounds
# La guarda deja pasar un número de más.
from numba import cuda


@cuda.jit
def soa_particles(p, s):
    j = cuda.grid(1)
    if j <= p.size:
        s[j % 4, j // 4] = p[j // 4, j % 4]
