# La suma en una función de dispositivo.
from numba import cuda


@cuda.jit(device=True)
def add(left, right):
    return left + right


@cuda.jit
def vector_add(a, b, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = add(a[i], b[i])
