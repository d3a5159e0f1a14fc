# expect: unwritten_output
# La guarda deja fuera el último elemento.
from numba import cuda


@cuda.jit
def vector_add(a, b, out):
    i = cuda.grid(1)
    if i + 1 < out.size:
        out[i] = a[i] + b[i]
