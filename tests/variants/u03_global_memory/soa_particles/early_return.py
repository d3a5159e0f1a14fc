from numba import cuda


@cuda.jit
def soa_particles(p, s):
    j = cuda.grid(1)
    i, f = divmod(j, 4)
    if i >= p.shape[0]:
        return
    s[f, i] = p[i, f]
