# expect: unwritten_output
# La guarda cuenta partículas y no números.
from numba import cuda


@cuda.jit
def soa_particles(p, s):
    j = cuda.grid(1)
    if j < p.shape[0]:
        s[j % 4, j // 4] = p[j // 4, j % 4]
