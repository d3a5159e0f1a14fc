import numpy as np
from numba import cuda

BLOCK = 64
FULL = 0xFFFFFFFF


@cuda.jit(device=True)
def warp_scan(value, lane):
    for k in range(5):
        left = cuda.shfl_up_sync(FULL, value, 1 << k)
        if lane >= 1 << k:
            value += left
    return value


@cuda.jit
def scan_blocks(x, out, sums):
    totals = cuda.shared.array(2, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    value = warp_scan(x[i] if i < x.size else np.float32(0), t % 32)
    if t % 32 == 31:
        totals[t // 32] = value
    cuda.syncthreads()
    if t >= 32:
        value += totals[0]
    if i < x.size:
        out[i] = value
    if t == BLOCK - 1:
        sums[cuda.blockIdx.x] = value


@cuda.jit
def add_offsets(out, offsets):
    b = cuda.blockIdx.x
    i = cuda.grid(1)
    if b > 0 and i < out.size:
        out[i] += offsets[b - 1]


def scan(x, out):
    blocks = -(-x.size // BLOCK)
    sums = cuda.device_array(blocks, np.float32)
    scan_blocks[blocks, BLOCK](x, out, sums)
    if blocks > 1:
        offsets = cuda.device_array(blocks, np.float32)
        scan(sums, offsets)
        add_offsets[blocks, BLOCK](out, offsets)
