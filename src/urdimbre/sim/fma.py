"""``a * b + c`` con un solo redondeo: la instrucción FMA de una GPU, exacta.

NumPy no la tiene. El truco es el mismo en los tres tipos: sumar en una precisión mayor
«redondeando a impar» (si sobra algo, el último bit queda en 1), y así el redondeo final no se
equivoca. Fuente: Boldo y Melquiond, «Emulation of FMA and correctly rounded sums: proved
algorithms using rounding to odd», IEEE Transactions on Computers, 2008.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

F16, F32, F64 = (np.dtype(t) for t in ("float16", "float32", "float64"))
LOW, HALF = np.uint64((1 << 29) - 1), np.uint64(1 << 28)  # lo que un float32 no guarda
ONE, SUBNORMAL = np.uint32(1), np.uint32((1 << 24) - 1)
NORMAL = np.finfo(F32).smallest_normal
SPLIT = np.float64((1 << 27) + 1)
SMALL, LARGE = np.float64(2.0**-900), np.float64(2.0**900)


def fma(a: Any, b: Any, c: Any) -> Any:
    """``a * b + c`` con un solo redondeo, en el tipo de ``a`` (float16, float32 o float64)."""
    return _RUN[a.dtype](a, b, c)


def two_sum(x: Any, y: Any) -> tuple[Any, Any]:
    """La suma redondeada y lo que le faltó, exacto (Knuth)."""
    total = x + y
    part = total - x
    return total, (x - (total - part)) + (y - part)


def two_product(a: Any, b: Any) -> tuple[Any, Any]:
    """El producto redondeado y lo que le faltó, exacto (Dekker)."""
    p, (ah, al), (bh, bl) = a * b, _halves(a), _halves(b)
    return p, ((ah * bh - p) + ah * bl + al * bh) + al * bl


def _halves(x: Any) -> tuple[Any, Any]:
    wide = x * SPLIT
    high = wide - (wide - x)
    return high, x - high


def odd_sum(x: Any, y: Any) -> Any:
    """La suma en float64, con el último bit en 1 si no fue exacta."""
    total, error = two_sum(x, y)
    total = np.asarray(total)
    even = (total.view(np.uint64) & np.uint64(1)) == 0
    nudge = even & np.isfinite(error) & (error != 0)
    toward = np.where(error > 0, np.inf, -np.inf)
    return np.where(nudge, np.nextafter(total, toward), total)[()]


def fma16(a: Any, b: Any, c: Any) -> Any:
    p = a.astype(F64) * b.astype(F64)
    return odd_sum(p, c.astype(F64)).astype(F16)[()]


def fma32(a: Any, b: Any, c: Any) -> Any:
    """El producto es exacto en float64; la suma casi siempre se redondea bien a la primera."""
    p = np.multiply(a, b, dtype=F64)
    total = np.add(p, c, dtype=F64)
    out = total.astype(F32)
    return odd_sum(p, c.astype(F64)).astype(F32)[()] if _doubtful(total, out) else out


def _doubtful(total: Any, out: Any) -> bool:
    """Si algún valor quedó justo a la mitad de dos float32, o en los subnormales."""
    if ((total.view(np.uint64) & LOW) == HALF).any():
        return True
    if np.abs(out).min(initial=NORMAL) >= NORMAL:
        return False
    return bool((((out.view(np.uint32) << ONE) - ONE) < SUBNORMAL).any())


def fma64(a: Any, b: Any, c: Any) -> Any:
    """Con sumas y productos sin error; lo que se sale de su rango, con fracciones exactas."""
    uh, ul = two_product(a, b)
    th, tl = two_sum(c, ul)
    vh, vl = two_sum(uh, th)
    out = np.asarray(vh + odd_sum(tl, vl))
    out = np.where(out == 0, uh + c, out)
    size = np.abs(uh)
    inside = ((size > SMALL) | (a == 0) | (b == 0)) & (size < LARGE) & (np.abs(c) < LARGE)
    inside = inside & (np.abs(a) < LARGE) & (np.abs(b) < LARGE)
    return out[()] if np.all(inside) else _mended(a, b, c, out, inside)


def _mended(a: Any, b: Any, c: Any, out: Any, inside: Any) -> Any:
    finite = np.isfinite(a) & np.isfinite(b)
    out = np.where(finite, np.where(np.isfinite(c), out, c), a * b + c)
    left = np.argwhere(~inside & finite & np.isfinite(c))
    parts = [np.broadcast_to(x, out.shape) for x in (a, b, c)]
    for where in map(tuple, left):
        out[where] = _exact(*(float(x[where]) for x in parts))
    return out[()]


def _exact(a: float, b: float, c: float) -> float:
    """Tres números finitos, con fracciones."""
    total = Fraction(a) * Fraction(b) + Fraction(c)
    if total == 0:
        return a * b + c
    try:
        return float(total)
    except OverflowError:
        return float("inf") if total > 0 else float("-inf")


_RUN = {F16: fma16, F32: fma32, F64: fma64}
