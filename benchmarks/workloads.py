"""Los cuatro programas que se miden: kernels de Numba CUDA y dos versiones en NumPy.

Se importa después de elegir el backend: ``from numba import cuda`` es aquí el simulador de
Numba (``NUMBA_ENABLE_CUDASIM=1``) o el de Urdimbre (``urdimbre.enable("sim")``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import cuda, float32

THREADS = 256
TILE = 16
RADIUS = 3
SPAN = THREADS + 2 * RADIUS


@cuda.jit
def vector_add(a, b, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = a[i] + b[i]


@cuda.jit
def block_sum(x, out):
    tile = cuda.shared.array(THREADS, float32)
    t = cuda.threadIdx.x
    tile[t] = x[cuda.grid(1)]
    cuda.syncthreads()
    half = THREADS // 2
    while half > 0:
        if t < half:
            tile[t] += tile[t + half]
        cuda.syncthreads()
        half //= 2
    if t == 0:
        out[cuda.blockIdx.x] = tile[0]


@cuda.jit
def stencil(x, out):
    tile = cuda.shared.array(SPAN, float32)
    t, i = cuda.threadIdx.x, cuda.grid(1)
    tile[t] = x[i]
    if t < 2 * RADIUS:
        tile[t + THREADS] = x[i + THREADS]
    cuda.syncthreads()
    total = float32(0)
    for k in range(2 * RADIUS + 1):
        total += tile[t + k]
    out[i] = total


@cuda.jit
def matmul_tiled(a, b, c):
    tile_a = cuda.shared.array((TILE, TILE), float32)
    tile_b = cuda.shared.array((TILE, TILE), float32)
    col, row = cuda.grid(2)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    total = float32(0)
    for step in range(a.shape[1] // TILE):
        tile_a[ty, tx] = a[row, step * TILE + tx]
        tile_b[ty, tx] = b[step * TILE + ty, col]
        cuda.syncthreads()
        for k in range(TILE):
            total += tile_a[ty, k] * tile_b[k, tx]
        cuda.syncthreads()
    c[row, col] = total


def vector_add_numpy(a, b, out):
    np.add(a, b, out=out)


def block_sum_numpy(x, out):
    """El mismo árbol que el kernel, con todos los bloques a la vez."""
    tile = x.reshape(-1, THREADS).copy()
    half = THREADS // 2
    while half > 0:
        tile[:, :half] += tile[:, half : 2 * half]
        half //= 2
    out[:] = tile[:, 0]


def stencil_numpy(x, out):
    """Las siete sumas en el orden del kernel, con el arreglo entero."""
    out[:] = 0
    for k in range(2 * RADIUS + 1):
        out += x[k : k + out.size]


def matmul_tiled_numpy(a, b, c):
    """Las mismas teselas y el mismo orden de sumas, con todos los hilos a la vez."""
    n, steps = a.shape[0] // TILE, a.shape[1] // TILE
    tiles_a = a.reshape(n, TILE, steps, TILE)
    tiles_b = b.reshape(steps, TILE, n, TILE)
    total = np.zeros((n, TILE, n, TILE), np.float32)
    for step in range(steps):
        for k in range(TILE):
            total += tiles_a[:, :, step, k, None, None] * tiles_b[step, k]
    c[:] = total.reshape(c.shape)


def vector_add_lanes(a, b, out):
    """Cada carril con su índice, como el kernel."""
    i = np.arange(out.size, dtype=np.int64)
    i = i[i < out.size]
    out[i] = a[i] + b[i]


def block_sum_lanes(x, out):
    """Cada carril con su índice y su máscara, como el kernel."""
    block, t = np.divmod(np.arange(x.size, dtype=np.int64), THREADS)
    tile = np.empty((x.size // THREADS, THREADS), np.float32)
    tile[block, t] = x[block * THREADS + t]
    half = THREADS // 2
    while half > 0:
        active = t < half
        b, lane = block[active], t[active]
        tile[b, lane] += tile[b, lane + half]
        half //= 2
    out[block[t == 0]] = tile[block[t == 0], 0]


def stencil_lanes(x, out):
    """Cada carril llena su casilla de la tesela, los primeros también el borde, y suma siete."""
    i = np.arange(out.size, dtype=np.int64)
    block, t = np.divmod(i, THREADS)
    tile = np.empty((out.size // THREADS, SPAN), np.float32)
    tile[block, t] = x[i]
    edge = t < 2 * RADIUS
    tile[block[edge], t[edge] + THREADS] = x[i[edge] + THREADS]
    total = np.zeros(out.size, np.float32)
    for k in range(2 * RADIUS + 1):
        total += tile[block, t + k]
    out[i] = total


def matmul_tiled_lanes(a, b, c):
    """Cada carril con sus índices: carga su elemento de las teselas y recorre las suyas."""
    n = c.shape[1] // TILE
    lanes = np.arange(c.size, dtype=np.int64)
    block, thread = np.divmod(lanes, TILE * TILE)
    ty, tx = np.divmod(thread, TILE)
    row, col = block // n * TILE + ty, block % n * TILE + tx
    tile_a = np.empty((n * n, TILE, TILE), np.float32)
    tile_b, total = np.empty_like(tile_a), np.zeros(c.size, np.float32)
    for step in range(a.shape[1] // TILE):
        tile_a[block, ty, tx] = a[row, step * TILE + tx]
        tile_b[block, ty, tx] = b[step * TILE + ty, col]
        for k in range(TILE):
            total += tile_a[block, ty, k] * tile_b[block, k, tx]
    c[row, col] = total


@dataclass(frozen=True)
class Workload:
    """Un programa y su tamaño.

    Attributes:
        kernel: kernel de Numba CUDA.
        by_hand: la versión vectorizada; mismos argumentos.
        by_lanes: la traducción literal a NumPy, con un índice por carril.
        inputs: tamaño -> arreglos del anfitrión; el último es la salida.
        grid: tamaño -> ``(malla, bloque)``.
        size, quick_size: tamaño normal y con ``--rapido``.
        large_size: tamaño en que ya no pesan los costos fijos; el de Numba no lo corre.
    """

    kernel: Any
    by_hand: Callable[..., None]
    by_lanes: Callable[..., None]
    inputs: Callable[[int], tuple[np.ndarray, ...]]
    grid: Callable[[int], tuple[Any, Any]]
    size: int
    quick_size: int
    large_size: int


def _vectors(n: int, outputs: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(7)
    return (rng.random(n, np.float32), rng.random(n, np.float32), np.zeros(outputs, np.float32))


def _add_inputs(n: int) -> tuple[np.ndarray, ...]:
    return _vectors(n, n)


def _sum_inputs(n: int) -> tuple[np.ndarray, ...]:
    x, _, out = _vectors(n, n // THREADS)
    return x, out


def _stencil_inputs(n: int) -> tuple[np.ndarray, ...]:
    x, _, out = _vectors(n + 2 * RADIUS, n)
    return x, out


def _matmul_inputs(n: int) -> tuple[np.ndarray, ...]:
    a, b, c = _vectors(n * n, n * n)
    return a.reshape(n, n), b.reshape(n, n), c.reshape(n, n)


def _line(n: int) -> tuple[Any, Any]:
    return n // THREADS, THREADS


def _square(n: int) -> tuple[Any, Any]:
    return (n // TILE, n // TILE), (TILE, TILE)


WORKLOADS = {
    "vector_add": Workload(
        kernel=vector_add,
        by_hand=vector_add_numpy,
        by_lanes=vector_add_lanes,
        inputs=_add_inputs,
        grid=_line,
        size=8192,
        quick_size=1024,
        large_size=1 << 20,
    ),
    "block_sum": Workload(
        kernel=block_sum,
        by_hand=block_sum_numpy,
        by_lanes=block_sum_lanes,
        inputs=_sum_inputs,
        grid=_line,
        size=4096,
        quick_size=512,
        large_size=1 << 20,
    ),
    "stencil": Workload(
        kernel=stencil,
        by_hand=stencil_numpy,
        by_lanes=stencil_lanes,
        inputs=_stencil_inputs,
        grid=_line,
        size=4096,
        quick_size=512,
        large_size=1 << 20,
    ),
    "matmul_tiled": Workload(
        kernel=matmul_tiled,
        by_hand=matmul_tiled_numpy,
        by_lanes=matmul_tiled_lanes,
        inputs=_matmul_inputs,
        grid=_square,
        size=128,
        quick_size=32,
        large_size=512,
    ),
}
