# Carga el cuerpo y el halo por separado, y cuenta los vecinos al sumar.
import numpy as np
from numba import cuda


@cuda.jit
def moving_average_dynamic(x, radius, out):
    tile = cuda.shared.array(shape=0, dtype=np.float32)
    t = cuda.threadIdx.x
    width = cuda.blockDim.x
    i = cuda.blockIdx.x * width + t
    if i < x.size:
        tile[t + radius] = x[i]
    if t < radius:
        if i - radius >= 0:
            tile[t] = x[i - radius]
        if i + width < x.size:
            tile[t + radius + width] = x[i + width]
    cuda.syncthreads()
    if i >= x.size:
        return
    total = 0.0
    count = 0
    for d in range(-radius, radius + 1):
        if i + d >= 0 and i + d < x.size:
            total += tile[t + radius + d]
            count += 1
    out[i] = total / count
