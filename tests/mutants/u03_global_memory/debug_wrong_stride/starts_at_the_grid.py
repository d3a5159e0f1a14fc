# expect: unwritten_output
# Empieza en el índice de toda la malla: las filas de abajo quedan sin escribir.
from numba import cuda


@cuda.jit
def debug_wrong_stride(a, gain, out):
    row = cuda.blockIdx.x
    cols = a.shape[1]
    for c in range(cuda.grid(1), cols, cuda.blockDim.x):
        out[row, c] = gain[row] * a[row, c]
