# expect: unwritten_output
# Avanza una malla entera, como si todos los bloques fueran de la misma fila.
from numba import cuda


@cuda.jit
def debug_wrong_stride(a, gain, out):
    row = cuda.blockIdx.x
    t = cuda.threadIdx.x
    cols = a.shape[1]
    for c in range(t, cols, cuda.gridsize(1)):
        out[row, c] = gain[row] * a[row, c]
