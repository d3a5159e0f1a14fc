# expect: wrong_values, out_of_bounds
# Los hilos que sobran también leen y escriben.
from numba import cuda


@cuda.jit
def soa_particles(p, s):
    j = cuda.grid(1)
    i = j // 4
    f = j % 4
    s[f, i] = p[i, f]
