"""Eventos hechos a mano: una geometría, unos arreglos y accesos con su dirección calculada."""

from __future__ import annotations

import numpy as np
import pytest

from urdimbre.sim.events import WARP, Access, ArrayInfo, Barrier, Branch, Lanes, LaunchInfo

GLOBAL_BASE = 0x10000  # múltiplo de 256, como lo da cudaMalloc


class Scene:
    """Un lanzamiento de mentira que alimenta observadores con eventos hechos a mano."""

    def __init__(self, block=(32, 1, 1), grid=(1, 1, 1), source=()):
        block, grid = _three(block), _three(grid)
        threads, blocks = int(np.prod(block)), int(np.prod(grid))
        warps = -(-threads // WARP)
        thread = np.arange(warps * WARP, dtype=np.int64).reshape(1, warps, WARP)
        base_mask = True if threads % WARP == 0 else thread < threads
        self.lanes = Lanes((blocks, warps, WARP), grid, block, 0, base_mask)
        self.launch = LaunchInfo("k", "<celda>", 1, tuple(source), grid, block)
        self.t = thread
        self.tx, self.ty = thread % block[0], thread // block[0] % block[1]
        self.b = np.arange(blocks, dtype=np.int64).reshape(blocks, 1, 1)

    def array(self, dtype, shape, space="global", base=None, name="a"):
        shape, dtype = tuple(np.atleast_1d(shape).tolist()), np.dtype(dtype)
        base = (GLOBAL_BASE if space == "global" else 0) if base is None else base
        size = int(np.prod(shape)) * dtype.itemsize
        return ArrayInfo(name, space, base, shape, dtype, (base, size))

    def access(self, kind, array, index, line=1, mask=True, **extra):
        index = index if isinstance(index, tuple) else (index,)
        flat, outside = np.zeros((1, 1, 1), np.int64), False
        for i, n in zip(index, array.shape):
            flat = flat * n + np.asarray(i, np.int64)
            outside = outside | (np.asarray(i) < 0) | (np.asarray(i) >= n)
        outside = outside & np.asarray(mask)
        extra.setdefault("out_of_bounds", outside if np.any(outside) else False)
        size = array.dtype.itemsize
        address = array.address + flat * size
        return Access(kind, line, array, address, mask, size, self.lanes, index, **extra)

    def load(self, *args, **kwargs):
        return self.access("load", *args, **kwargs)

    def store(self, *args, **kwargs):
        return self.access("store", *args, **kwargs)

    def atomic(self, *args, **kwargs):
        return self.access("atomic", *args, **kwargs)

    def barrier(self, line=99, mask=True, exited=False, kind="syncthreads", named=True):
        return Barrier(line, mask, exited, self.lanes, kind, named)

    def branch(self, taken, line=50, mask=True):
        return Branch(line, mask, taken, self.lanes)

    def play(self, observer, *events):
        """Entrega los eventos al observador y lo devuelve."""
        _tell(observer, "begin", self.launch)
        _tell(observer, "begin_chunk", self.lanes)
        for event in events:
            _tell(observer, f"on_{type(event).__name__.lower()}", event)
        _tell(observer, "end_chunk")
        _tell(observer, "end")
        return observer


def _tell(observer, method, *args):
    if hasattr(observer, method):
        getattr(observer, method)(*args)


def _three(dims):
    dims = tuple(np.atleast_1d(dims).tolist())
    return dims + (1,) * (3 - len(dims))


@pytest.fixture
def scene():
    """``scene(block, grid)`` construye una ``Scene``."""
    return Scene
