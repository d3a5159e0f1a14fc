# expect: out_of_bounds
# Mira el arreglo correcto, pero con «menor o igual».
from numba import cuda


@cuda.jit
def debug_off_by_one(x, out):
    i = cuda.grid(1)
    if i <= out.size:
        out[i] = x[i + 1] - x[i]
