"""Trazas escritas a mano, para probar las figuras sin depender del simulador."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from urdimbre.observe import Trace
from urdimbre.sim.events import WARP, Access, ArrayInfo, Lanes, LaunchInfo

FLOAT32 = np.dtype(np.float32)
SOURCE = ("def k(a):", "    i = cuda.grid(1)", "    a[i] = 0")


def array(name: str, shape: tuple[int, ...], address: int = 512) -> ArrayInfo:
    size = int(np.prod(shape, dtype=np.int64)) * FLOAT32.itemsize
    return ArrayInfo(name, "global", address, shape, FLOAT32, (address, size))


def launch(grid: tuple[int, int, int], block: tuple[int, int, int]) -> LaunchInfo:
    return LaunchInfo("k", "<prueba>", 1, SOURCE, grid, block)


def lanes_of(grid: tuple[int, int, int], block: tuple[int, int, int]) -> Lanes:
    threads = int(np.prod(block, dtype=np.int64))
    warps = -(-threads // WARP)
    exists = np.arange(warps * WARP, dtype=np.int64).reshape(1, warps, WARP) < threads
    blocks = int(np.prod(grid, dtype=np.int64))
    return Lanes((blocks, warps, WARP), grid, block, 0, exists)


def store_1d(trace: Trace, info: ArrayInfo, lanes: Lanes, index, mask, line: int = 3) -> None:
    """Una escritura ``info[index]`` con la máscara dada; índice y máscara ``(B, W, 32)``."""
    event = Access("store", line, info, info.address + 4 * index, mask, 4, lanes, (index,))
    trace.on_access(event)


def thread_numbers(lanes: Lanes) -> np.ndarray:
    """Hilo global ``(B, W, 32)`` de una malla de una dimensión."""
    b, w, _ = lanes.shape
    inside = np.arange(w * WARP, dtype=np.int64).reshape(1, w, WARP)
    return np.arange(b, dtype=np.int64)[:, None, None] * lanes.block[0] + inside


def guarded_1d(n: int, blocks: int, threads: int) -> Trace:
    """``if i < n: a[i] = 0`` con ``blocks`` bloques de ``threads`` hilos."""
    grid, block = (blocks, 1, 1), (threads, 1, 1)
    trace, lanes = Trace(), lanes_of(grid, block)
    trace.begin(launch(grid, block))
    trace.begin_chunk(lanes)
    i = thread_numbers(lanes)
    store_1d(trace, array("a", (n,)), lanes, i, i < n)
    return trace


@pytest.fixture
def hand() -> SimpleNamespace:
    """Las funciones de este archivo, para armar trazas en cada prueba."""
    return SimpleNamespace(
        array=array,
        launch=launch,
        lanes_of=lanes_of,
        store_1d=store_1d,
        thread_numbers=thread_numbers,
        guarded_1d=guarded_1d,
    )
