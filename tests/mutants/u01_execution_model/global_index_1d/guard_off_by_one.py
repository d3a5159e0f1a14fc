# expect: out_of_bounds
# La guarda deja pasar un índice de más.
from numba import cuda


@cuda.jit
def global_index_1d(out):
    i = cuda.grid(1)
    if i <= out.size:
        out[i] = i
