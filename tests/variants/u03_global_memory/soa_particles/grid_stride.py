from numba import cuda


@cuda.jit
def soa_particles(p, s):
    for j in range(cuda.grid(1), p.size, cuda.gridsize(1)):
        s[j % 4, j // 4] = p[j // 4, j % 4]
