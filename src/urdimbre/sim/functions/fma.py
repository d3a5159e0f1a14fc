"""``a * b + c`` con un solo redondeo: la instrucción FMA de una GPU, exacta.

NumPy no la tiene. El truco es el mismo en los tres tipos: sumar en una precisión mayor
«redondeando a impar» (si sobra algo, el último bit queda en 1), y así el redondeo final no se
equivoca. Fuente: Boldo y Melquiond, «Emulation of FMA and correctly rounded sums: proved
algorithms using rounding to odd», IEEE Transactions on Computers, 2008.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

F16, F32, F64 = (np.dtype(t) for t in ("float16", "float32", "float64"))
# Los bits de un float64 que el tipo no guarda, el primero de ellos y el menor valor normal.
NARROW = {
    kind: (np.uint64((1 << bits) - 1), np.uint64(1 << (bits - 1)), np.finfo(kind).smallest_normal)
    for kind, bits in ((F16, 42), (F32, 29))
}
SPLIT = np.float64((1 << 27) + 1)
SMALL, LARGE = np.float64(2.0**-900), np.float64(2.0**900)
BEYOND = np.float64(1 + 2.0**-52)
PIECE = 4096  # carriles de un tramo: sus cuentas intermedias caben en la caché
FEW = 1024  # carriles que tarda menos calcular todos que escoger los dudosos


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
    return _narrow(a, b, c, F16)


def fma32(a: Any, b: Any, c: Any) -> Any:
    return _narrow(a, b, c, F32)


def _narrow(a: Any, b: Any, c: Any, kind: np.dtype) -> Any:
    """El producto es exacto en float64; la suma casi siempre se redondea bien a la primera."""
    total = a.astype(F64) * b.astype(F64) + c.astype(F64)
    out = total.astype(kind)
    doubt = _halfway(total, out)
    if doubt is None:
        return out
    if out.size <= FEW:
        return _narrow_odd(a, b, c)
    return _mended(out, doubt, _narrow_odd, a, b, c)


def _halfway(total: Any, out: Any) -> Any:
    """Dónde ``total`` pudo quedar justo a la mitad de dos valores del tipo, si quedó en alguna.

    A la mitad, de los bits que el tipo no guarda solo está el primero. En los subnormales el tipo
    guarda menos: se duda de todos.
    """
    lost, half, normal = NARROW[out.dtype]
    doubt = (total.view(np.uint64) & lost) == half
    size = np.abs(out)
    if not size.min(initial=np.inf) > normal:  # así también con un NaN
        doubt |= (size <= normal) & (total != 0)
    return doubt if doubt.any() else None


def _narrow_odd(a: Any, b: Any, c: Any) -> Any:
    return odd_sum(a.astype(F64) * b.astype(F64), c.astype(F64)).astype(a.dtype)


def _mended(out: Any, doubt: Any, exact: Any, *values: Any) -> Any:
    """``out`` con los valores dudosos calculados otra vez, sin atajos."""
    out = np.asarray(out)
    out[doubt] = exact(*(np.broadcast_to(x, out.shape)[doubt] for x in values))
    return out[()]


def fma64(a: Any, b: Any, c: Any) -> Any:
    """Por tramos que caben en la caché, porque son muchas cuentas intermedias."""
    shape = np.broadcast_shapes(np.shape(a), np.shape(b), np.shape(c))
    rows = max(1, PIECE // math.prod(shape[1:])) if shape else 1
    if not shape or shape[0] <= rows:
        return _double(a, b, c)
    out = np.empty(shape, F64)
    for k in range(0, shape[0], rows):
        piece = slice(k, k + rows)
        out[piece] = _double(*(x[piece] if len(np.shape(x)) == len(shape) and len(x) > 1 else x
                               for x in (a, b, c)))  # fmt: skip
    return out


def _double(a: Any, b: Any, c: Any) -> Any:
    """Con sumas y productos sin error.

    Lo que le falta a la suma, ``rest``, está redondeado: si el total quedó justo a la mitad, se
    duda. Se nota en que cambia al agregarle un poco más de lo que le sobró. Un desborde en el
    camino da NaN, y de un NaN se duda siempre.
    """
    product, total, rest = _parts(a, b, c, np.add)
    out, left = two_sum(total, rest)
    out = np.where(out == 0, product + c, out)
    doubt = out + left * BEYOND != out
    size = np.abs(product)
    if not size.min(initial=np.inf) > SMALL:  # cerca del menor número, el producto pierde bits
        doubt |= (size <= SMALL) & (a != 0) & (b != 0)
    return _mended(out, doubt, _double_odd, a, b, c) if doubt.any() else out[()]


def _parts(a: Any, b: Any, c: Any, add: Any) -> tuple[Any, Any, Any]:
    """El producto, la suma y lo que le falta a la suma: dos números, que junta ``add``."""
    product, product_rest = two_product(a, b)
    addend, addend_rest = two_sum(c, product_rest)
    total, total_rest = two_sum(product, addend)
    return product, total, add(addend_rest, total_rest)


def _double_odd(a: Any, b: Any, c: Any) -> Any:
    """Los mismos pasos, redondeando a impar; lo que se sale de su rango, con fracciones."""
    product, total, rest = _parts(a, b, c, odd_sum)
    out = total + rest
    out = np.where(out == 0, product + c, out)
    size = np.abs(product)
    inside = ((size > SMALL) | (a == 0) | (b == 0)) & (size < LARGE) & (np.abs(c) < LARGE)
    inside &= (np.abs(a) < LARGE) & (np.abs(b) < LARGE)
    finite = np.isfinite(a) & np.isfinite(b)
    out = np.where(finite, np.where(np.isfinite(c), out, c), a * b + c)
    for k in np.flatnonzero(~inside & finite & np.isfinite(c)):
        out[k] = _exact(*(float(x[k]) for x in (a, b, c)))
    return out


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
