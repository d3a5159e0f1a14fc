# expect: compile_error
# Usa una lista, que Numba CUDA no tiene.
from numba import cuda


@cuda.jit
def vector_add(a, b, out):
    i = cuda.grid(1)
    if i < out.size:
        pair = [a[i], b[i]]
        out[i] = sum(pair)
