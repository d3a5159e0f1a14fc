"""Aritmética de un hilo, con enteros de Python y escalares de NumPy: las reglas del PTX real.

Escrito a partir del PTX que genera Numba CUDA, sin mirar cómo lo hace el simulador. Un valor es
siempre un escalar de NumPy; su tipo es su ``dtype``.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

I64, U64, F64 = np.dtype("int64"), np.dtype("uint64"), np.dtype("float64")
BITS = {"i": True, "u": False}


def wrap(value: int, dtype: np.dtype) -> Any:
    """Un entero de Python en los bits que hay, con complemento a dos."""
    bits = dtype.itemsize * 8
    value &= (1 << bits) - 1
    if dtype.kind == "i" and value >> (bits - 1):
        value -= 1 << bits
    return dtype.type(value)


def cast(x: Any, dtype: np.dtype) -> Any:
    """Conversión de un escalar: ``cvt`` de PTX."""
    if dtype.kind == "b":
        return np.bool_(bool(x != 0))
    if dtype.kind == "f":
        with np.errstate(all="ignore"):
            return dtype.type(x)
    if x.dtype.kind == "f":
        return float_to_integer(x, dtype)
    return wrap(int(x), dtype)


def float_to_integer(x: Any, dtype: np.dtype) -> Any:
    """``cvt.rzi``: trunca y satura; los de 8 bits pasan por 16 y luego se cortan.

    Desde float16 es ``cvt.rni``: redondea al par, y los de 8 bits saturan en 8.
    """
    half = x.dtype.itemsize == 2
    bits = dtype.itemsize * 8 if half else max(dtype.itemsize * 8, 16)
    signed = dtype.kind == "i"
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    if np.isnan(x):
        whole = 0 if x.dtype.itemsize < 8 and bits < 64 else 1 << (bits - 1)
    elif np.isinf(x):
        whole = high if x > 0 else low
    else:
        whole = min(max((round if half else math.trunc)(float(x)), low), high)
    return wrap(whole, dtype)


def shift_left(a: int, b: int, dtype: np.dtype) -> Any:
    """``shl``: con 64 o más (o un número negativo, que es enorme sin signo) no queda nada."""
    return wrap(a << b, dtype) if 0 <= b < 64 else dtype.type(0)


def shift_right(a: int, b: int, dtype: np.dtype) -> Any:
    """``shr``: con 64 o más queda el signo."""
    return wrap(a >> (b if 0 <= b < 64 else 63), dtype) if a < 0 or 0 <= b < 64 else dtype.type(0)


def floor_div(a: int, b: int, dtype: np.dtype) -> Any:
    if b == 0 or (b == -1 and a == np.iinfo(np.int64).min):
        return dtype.type(0)
    return wrap(a // b, dtype)


def modulo(a: int, b: int, dtype: np.dtype) -> Any:
    return dtype.type(0) if b == 0 else wrap(a % b, dtype)


def power(a: int, b: int, dtype: np.dtype) -> Any:
    """Un producto que da la vuelta y después un paso por float64; exponente de 0 a 65536."""
    out = dtype.type(1)
    for _ in range(b):
        out = wrap(int(out) * a, dtype)
    return float_to_integer(np.float64(int(out)), dtype)


INTEGER = {
    "+": lambda a, b, t: wrap(a + b, t),
    "-": lambda a, b, t: wrap(a - b, t),
    "*": lambda a, b, t: wrap(a * b, t),
    "//": floor_div,
    "%": modulo,
    "<<": shift_left,
    ">>": shift_right,
    "&": lambda a, b, t: wrap(a & b, t),
    "|": lambda a, b, t: wrap(a | b, t),
    "^": lambda a, b, t: wrap(a ^ b, t),
    "**": power,
}


def _raw_remainder(a: Any, b: Any) -> Any:
    size, other = abs(a), abs(b)
    rest = fma(-1, np.floor(size / other), other, 1, size)
    return -rest if a < 0 else rest


def float_modulo(a: Any, b: Any) -> Any:
    """``%`` de flotantes, paso a paso como el PTX."""
    rest = _raw_remainder(a, b)
    if b == 0:
        return rest
    if rest == 0:
        return a.dtype.type(-0.0 if b < 0 else 0.0)
    return rest + b if (rest < 0) != (b < 0) else rest


def float_floor_div(a: Any, b: Any) -> Any:
    """``//`` de flotantes, paso a paso como el PTX."""
    if b == 0:
        return a / b
    rest, one = _raw_remainder(a, b), a.dtype.type(1)
    quotient = (a - rest) / b
    if rest != 0 and (rest < 0) != (b < 0):
        quotient = quotient - one
    if quotient == 0:
        return quotient * quotient * a / b
    whole = np.floor(quotient)
    return whole + one if quotient - whole > 0.5 else whole


FLOAT = {
    "//": float_floor_div,
    "%": float_modulo,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def binary(symbol: str, a: Any, b: Any, dtype: np.dtype) -> Any:
    """``a symbol b`` calculado y devuelto en ``dtype``."""
    if dtype.kind == "b":
        return np.bool_(int(INTEGER[symbol](int(a), int(b), I64)))
    if dtype.kind in "iu":
        # El desplazamiento se reparte en el tipo del resultado, sea cual sea el de b.
        x, y = cast(a, dtype), wrap(int(b), I64) if symbol in ("<<", ">>") else cast(b, dtype)
        return INTEGER[symbol](int(x), int(y), dtype)
    with np.errstate(all="ignore"):
        return dtype.type(FLOAT[symbol](cast(a, dtype), cast(b, dtype)))


COMPARE = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


# Bits de la mantisa, el exponente más pequeño y el primero que se desborda.
FORMATS = {"float16": (11, -24, 16), "float32": (24, -149, 128), "float64": (53, -1074, 1024)}


def fma(product: int, a: Any, b: Any, addend: int, c: Any) -> Any:
    """``± a·b ± c`` con fracciones y un solo redondeo, en el tipo de los tres."""
    kind = a.dtype.type
    with np.errstate(all="ignore"):
        rounded_twice = np.float64(product) * np.float64(a) * np.float64(b)
        if not np.isfinite(c) and np.isfinite(a) and np.isfinite(b):
            return kind(addend * c)
        exact = None
        if np.isfinite(a) and np.isfinite(b):
            exact = product * Fraction(float(a)) * Fraction(float(b)) + addend * Fraction(float(c))
        if not exact:  # sin valor finito, o cero con su signo
            return kind(rounded_twice + np.float64(addend) * np.float64(c))
        return nearest(exact, kind)


def nearest(x: Fraction, kind: Any) -> Any:
    """El valor del tipo más cercano a una fracción, mitades al par."""
    bits, low, high = FORMATS[np.dtype(kind).name]
    size = abs(x)
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    exponent -= Fraction(2) ** exponent > size
    unit = Fraction(2) ** max(exponent - bits + 1, low)
    value = round(size / unit) * unit
    value = math.inf if value >= Fraction(2) ** high else float(value)
    return kind(-value if x < 0 else value)


def compare(symbol: str, a: Any, b: Any) -> Any:
    """Enteros, exactos, salvo uint64 contra uno con signo: en float64, como en el PTX."""
    return np.bool_(COMPARE[symbol](*_comparable(a, b)))


def _comparable(a: Any, b: Any) -> tuple[Any, Any]:
    kinds = {a.dtype.kind, b.dtype.kind} - {"b"}
    if "f" in kinds:
        return float(a), float(b)
    mixed = kinds == {"i", "u"} or (len(kinds) == 1 and {"b"} <= {a.dtype.kind, b.dtype.kind})
    if mixed and U64 in (a.dtype, b.dtype):
        return float(a), float(b)
    return int(a), int(b)


def negate(a: Any, dtype: np.dtype) -> Any:
    """``-a``: se niega en el tipo de ``a`` y después se ensancha."""
    if dtype.kind == "f":
        return dtype.type(-a)
    narrow = I64 if a.dtype.kind == "b" else a.dtype
    return cast(wrap(-int(a), narrow), dtype)


def invert(a: Any, dtype: np.dtype) -> Any:
    """``~a``: también en el tipo de ``a``."""
    return np.bool_(not a) if a.dtype.kind == "b" else cast(wrap(~int(a), a.dtype), dtype)


def absolute(a: Any, dtype: np.dtype) -> Any:
    return dtype.type(abs(a)) if dtype.kind == "f" else wrap(abs(int(a)), dtype)


def extreme(name: str, values: list[Any], types: list[np.dtype]) -> Any:
    """``min`` y ``max``: dos float32 o float64 descartan NaN; si no, uno que ya está se queda.

    ``types`` son los tipos con que se acumula después de cada argumento.
    """
    if len(values) == 2 and all(v.dtype.name in ("float32", "float64") for v in values):
        return _float_extreme(name, *(cast(v, types[-1]) for v in values))
    best = values[0]
    for value, dtype in zip(values[1:], types, strict=True):
        best, new = cast(best, dtype), cast(value, dtype)
        best = new if compare("<" if name == "min" else ">", new, best) else best
    return best


def _float_extreme(name: str, a: Any, b: Any) -> Any:
    """Descarta NaN; entre ceros, -0 es menor que +0."""
    if np.isnan(a) or np.isnan(b):
        return b if np.isnan(a) else a
    if a == b:
        first = np.signbit(a) == (name == "min")
        return a if first else b
    return a if (a < b) == (name == "min") else b


def rounded(x: Any) -> Any:
    """``round(x)``: al par más cercano, y de ahí a int64."""
    return cast(np.rint(np.float64(x)), I64)


def truth(x: Any) -> bool:
    return bool(x != 0)


UNARY = {"-": negate, "~": invert, "abs": absolute}


def index(i: Any, size: int) -> int:
    """El índice que se usa: uno con signo y negativo cuenta desde el final."""
    return int(i) + size if i.dtype.kind == "i" and i < 0 else int(i)
