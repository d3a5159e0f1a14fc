"""Funciones de bits y de precisión que ``numba.cuda`` añade: popc, clz, brev, ffs, fma."""

from __future__ import annotations

from fractions import Fraction
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


def fma(a: Any, b: Any, c: Any) -> Any:
    """``a * b + c`` con un solo redondeo."""
    if a.dtype == np.float32:
        return (a.astype(np.float64) * b.astype(np.float64) + c.astype(np.float64)).astype(a.dtype)
    shape = np.broadcast_shapes(np.shape(a), np.shape(b), np.shape(c))
    parts = (np.broadcast_to(x, shape).reshape(-1).tolist() for x in (a, b, c))
    flat = [_fma_one(*row) for row in zip(*parts, strict=True)]
    return np.array(flat, np.float64).reshape(shape).astype(a.dtype)[()]


def _fma_one(a: float, b: float, c: float) -> float:
    if not np.isfinite((a, b, c)).all():
        return a * b + c
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    if exact == 0:
        return a * b + c
    try:
        return float(exact)
    except OverflowError:
        return float("inf") if exact > 0 else float("-inf")
