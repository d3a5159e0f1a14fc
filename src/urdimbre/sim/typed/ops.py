"""Tabla de operaciones: regla de tipos y función de NumPy que la calcula, una por fila."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from urdimbre.sim.typed import types as T


@dataclass(frozen=True)
class Op:
    """Una operación binaria.

    Attributes:
        symbol: como se escribe.
        compute: tipo en que se calcula, dados los de los operandos.
        run: función de NumPy, o una tabla por clase de tipo (``kind`` del dtype).
        kinds: clases de tipo admitidas en los operandos.
        result: tipo del resultado si no es el de cálculo.
    """

    symbol: str
    compute: Callable[[np.dtype, np.dtype], np.dtype]
    run: Any
    kinds: str = "biufc"
    result: np.dtype | None = None

    def function(self, dtype: np.dtype) -> Callable[..., Any]:
        return self.run[dtype.kind] if isinstance(self.run, dict) else self.run


def rounded_sum(a: Any, b: Any) -> Any:
    """``fadd_rn`` de libdevice: una suma que el compilador no funde."""
    return a + b


def rounded_difference(a: Any, b: Any) -> Any:
    """``fsub_rn`` de libdevice."""
    return a - b


def rounded_product(a: Any, b: Any) -> Any:
    """``fmul_rn`` de libdevice: un producto que el compilador no funde."""
    return a * b


def plain_remainder(a: Any, b: Any) -> Any:
    """``|a| - floor(|a|/|b|)·|b|`` con el signo de ``a``."""
    size, other = np.abs(a), np.abs(b)
    return signed_rest(a, size - np.floor(size / other) * other)


def signed_rest(a: Any, rest: Any) -> Any:
    return np.where(a < 0, -rest, rest)


def float_mod(a: Any, b: Any, remainder: Any = plain_remainder) -> Any:
    """``%`` de flotantes, como el PTX: el resto, llevado al signo de ``b``."""
    rest = remainder(a, b)
    moved = np.where((rest < 0) != (b < 0), rest + b, rest)
    signed = np.where(rest == 0, np.where(b < 0, -0.0, 0.0), moved)
    return np.where(b == 0, rest, signed).astype(np.result_type(a, b))[()]


def float_floordiv(a: Any, b: Any, remainder: Any = plain_remainder) -> Any:
    """``//`` de flotantes, como el PTX: el piso del cociente sin su resto."""
    rest = remainder(a, b)
    quotient = np.divide(a - rest, b)
    quotient = np.where((rest != 0) & ((rest < 0) != (b < 0)), quotient - 1, quotient)
    whole = np.floor(quotient)
    whole = np.where(quotient - whole > 0.5, whole + 1, whole)
    whole = np.where(quotient == 0, quotient * quotient * a / b, whole)
    return np.where(b == 0, np.divide(a, b), whole).astype(np.result_type(a, b))[()]


def float_min(a: Any, b: Any) -> Any:
    """``min.f32`` de PTX: descarta NaN, y -0 es menor que +0."""
    out = np.fmin(a, b)
    tie = (a == 0) & (b == 0)
    if not np.any(tie):
        return out
    zero = np.where(np.signbit(a) | np.signbit(b), -0.0, 0.0).astype(out.dtype)
    return np.where(tie, zero, out)[()]


def float_max(a: Any, b: Any) -> Any:
    """``max.f32`` de PTX: descarta NaN, y +0 es mayor que -0."""
    return -float_min(-a, -b)


def integer_floordiv(a: Any, b: Any) -> Any:
    """``//`` con signo: el menor entero entre -1, que no cabe, da cero, como en el PTX."""
    out = np.floor_divide(a, b)
    if not np.any(b == -1):
        return out
    return np.where((b == -1) & (a == np.iinfo(out.dtype).min), out.dtype.type(0), out)[()]


LOOPED_POWER = 65536


def integer_power(a: Any, b: Any) -> Any:
    """Potencia de enteros como el PTX: productos que dan la vuelta y un paso por float64."""
    a, b = np.broadcast_arrays(a, b)
    base, left = a.copy(), np.where((b < 0) | (b > LOOPED_POWER), 0, b)
    out = np.ones_like(a)
    while np.any(left):
        out = np.where(left & 1, out * base, out)
        base, left = base * base, left >> 1
    real = np.where(b > LOOPED_POWER, np.power(np.float64(a), np.float64(b)), np.float64(out))
    if b.dtype.kind == "i" and np.any(b < 0):
        real = np.where(b < 0, _negative_power(a, b), real)
    return clamp_to_integer(real, a.dtype)


def _negative_power(a: Any, b: Any) -> Any:
    """``a ** -n``: 1 y -1 quedan, 0 da el menor entero y lo demás es cero."""
    unit = np.where((a == -1) & (b % 2 != 0), -1.0, 1.0)
    return np.where(a == 0, np.nan, np.where(np.abs(a) == 1, unit, 0.0))


def rounded_by_float64(x: Any) -> Any:
    """Un entero que pasa por float64: exacto hasta 2**53."""
    return clamp_to_integer(np.float64(x), np.asarray(x).dtype)


def clamp_to_integer(x: Any, dtype: np.dtype) -> Any:
    """Conversión de flotante a entero de PTX (``cvt.rzi``): trunca y satura.

    De float32 y float64 no hay destinos de 8 bits: pasan por 16 y se cortan. Desde float16,
    Numba redondea al par más cercano (``cvt.rni``) y sí hay destinos de 8 bits.
    """
    x = np.asarray(x)
    half = x.dtype == T.F16
    wide = dtype if dtype.itemsize >= 2 or half else np.dtype(f"{dtype.kind}2")
    low, high = np.iinfo(wide).min, np.iinfo(wide).max
    nan = 0 if x.dtype != T.F64 and wide.itemsize < 8 else (1 << (wide.itemsize * 8 - 1))
    nan = nan - (1 << wide.itemsize * 8) if wide.kind == "i" and nan else nan
    whole = (np.rint if half else np.trunc)(x.astype(np.float64))
    inside = (whole >= float(low)) & (whole < float(high))
    out = np.where(inside, whole, 0).astype(wide)
    out = np.where(whole >= float(high), wide.type(high), out)
    out = np.where(whole < float(low), wide.type(low), out)
    return np.where(np.isnan(x), wide.type(nan), out).astype(dtype)[()]


SMALL_POWERS = {
    (2, False): lambda x: x * x,
    (3, False): lambda x: x * x * x,
    (2, True): lambda x: rounded_by_float64(x * x),
    (3, True): lambda x: rounded_by_float64(x * x * x),
}

FLOORDIV = {"i": integer_floordiv, "u": np.floor_divide, "f": float_floordiv}
MOD = {"i": np.remainder, "u": np.remainder, "f": float_mod}
POWER = {"i": integer_power, "u": integer_power, "f": np.power, "c": np.power}

BINARY = {
    ast.Add: Op("+", T.arithmetic, np.add),
    ast.Sub: Op("-", T.arithmetic, np.subtract),
    ast.Mult: Op("*", T.arithmetic, np.multiply),
    ast.Div: Op("/", T.division, np.divide),
    ast.FloorDiv: Op("//", T.floor_division, FLOORDIV, "biuf"),
    ast.Mod: Op("%", T.floor_division, MOD, "biuf"),
    ast.Pow: Op("**", T.power, POWER),
    ast.LShift: Op("<<", T.shift, np.left_shift, "biu"),
    ast.RShift: Op(">>", T.shift, np.right_shift, "biu"),
    ast.BitAnd: Op("&", T.bitwise, np.bitwise_and, "biu"),
    ast.BitOr: Op("|", T.bitwise, np.bitwise_or, "biu"),
    ast.BitXor: Op("^", T.bitwise, np.bitwise_xor, "biu"),
}

COMPARE = {
    ast.Lt: Op("<", T.comparison, np.less, result=T.BOOL),
    ast.LtE: Op("<=", T.comparison, np.less_equal, result=T.BOOL),
    ast.Gt: Op(">", T.comparison, np.greater, result=T.BOOL),
    ast.GtE: Op(">=", T.comparison, np.greater_equal, result=T.BOOL),
    ast.Eq: Op("==", T.comparison, np.equal, result=T.BOOL),
    ast.NotEq: Op("!=", T.comparison, np.not_equal, result=T.BOOL),
}

# ---- Funciones de un módulo: nombre -> función de NumPy --------------------------------------


def _erf(x: Any) -> Any:
    return _by_element(math.erf, x)


def _erfc(x: Any) -> Any:
    return _by_element(math.erfc, x)


def _gamma(x: Any) -> Any:
    return _by_element(_quiet(math.gamma), x)


def _lgamma(x: Any) -> Any:
    return _by_element(_quiet(math.lgamma), x)


def _quiet(fn: Callable[[float], float]) -> Callable[[float], float]:
    def safe(x: float) -> float:
        try:
            return fn(x)
        except (ValueError, OverflowError):
            return math.inf if x == x and x >= 0 else math.nan

    return safe


def _ieee_remainder(x: Any, y: Any) -> Any:
    """``math.remainder``: el resto del cociente entero más cercano, exacto."""
    a, b = np.broadcast_arrays(x, y)
    pairs = zip(a.reshape(-1).tolist(), b.reshape(-1).tolist(), strict=True)
    flat = [_remainder_one(p, q) for p, q in pairs]
    return np.array(flat, np.float64).reshape(a.shape).astype(a.dtype)[()]


def _remainder_one(a: float, b: float) -> float:
    return math.remainder(a, b) if math.isfinite(a) and b else math.nan


def _by_element(fn: Callable[[float], float], x: Any) -> Any:
    """NumPy no trae esta función: se calcula elemento a elemento en float64."""
    a = np.asarray(x)
    flat = [fn(float(e)) for e in a.reshape(-1)]
    return np.array(flat, np.float64).reshape(a.shape).astype(a.dtype)[()]


MATH_UNARY = {
    "acos": np.arccos, "acosh": np.arccosh, "asin": np.arcsin, "asinh": np.arcsinh,
    "atan": np.arctan, "atanh": np.arctanh, "ceil": np.ceil, "cos": np.cos, "cosh": np.cosh,
    "degrees": np.degrees, "erf": _erf, "erfc": _erfc, "exp": np.exp, "exp2": np.exp2,
    "expm1": np.expm1, "fabs": np.abs, "floor": np.floor, "gamma": _gamma, "lgamma": _lgamma,
    "log": np.log, "log10": np.log10, "log1p": np.log1p, "log2": np.log2, "radians": np.radians,
    "sin": np.sin, "sinh": np.sinh, "sqrt": np.sqrt, "tan": np.tan, "tanh": np.tanh,
    "trunc": np.trunc,
}  # fmt: skip
MATH_TEST = {"isnan": np.isnan, "isinf": np.isinf, "isfinite": np.isfinite}
MATH_BINARY = {
    "atan2": np.arctan2, "copysign": np.copysign, "fmod": np.fmod, "hypot": np.hypot,
    "pow": np.power, "nextafter": np.nextafter, "remainder": _ieee_remainder,
}  # fmt: skip
