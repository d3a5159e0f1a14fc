"""Funciones de bits que ``numba.cuda`` añade: popc, clz, brev y ffs."""

from __future__ import annotations

from typing import Any

import numpy as np


def unsigned(x: Any) -> tuple[Any, int]:
    """Los mismos bits sin signo, y cuántos son."""
    bits = x.dtype.itemsize * 8
    return x.astype(np.dtype(f"uint{bits}")), bits


def popc(x: Any) -> Any:
    """Cuántos bits valen 1."""
    return np.bitwise_count(unsigned(x)[0]).astype(x.dtype)


def clz(x: Any) -> Any:
    """Ceros a la izquierda del primer 1."""
    u, bits = unsigned(x)
    shift = 1
    while shift < bits:
        u = u | (u >> u.dtype.type(shift))
        shift *= 2
    return (bits - np.bitwise_count(u).astype(np.int64)).astype(x.dtype)


def brev(x: Any) -> Any:
    """Los bits al revés."""
    u, bits = unsigned(x)
    out = u & u.dtype.type(0)
    for k in range(bits):
        bit = (u >> u.dtype.type(k)) & u.dtype.type(1)
        out = out | (bit << u.dtype.type(bits - 1 - k))
    return out


def ffs(x: Any) -> Any:
    """Posición del primer 1, desde 1; 0 si no hay."""
    u, _ = unsigned(x)
    one = u.dtype.type(1)
    lowest = u & (~u + one)
    return np.where(u == 0, 0, np.bitwise_count(lowest - one).astype(np.int64) + 1).astype(
        np.uint32
    )
