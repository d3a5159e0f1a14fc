"""``cuda.libdevice``: la biblioteca matemática de CUDA, una fila por función.

Como en Numba, una función que en C devuelve valores por puntero devuelve aquí una tupla, y un
argumento de otro tipo se convierte al que pide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from urdimbre.sim.functions import bits
from urdimbre.sim.functions.fma import fma
from urdimbre.sim.typed import ir, ops
from urdimbre.sim.typed import types as T
from urdimbre.sim.typed.ops import clamp_to_integer

SINGLE, DOUBLE = "f", ""


@dataclass(frozen=True)
class Row:
    """Tipos de los argumentos y, por cada resultado, su tipo y la función que lo calcula."""

    args: tuple[np.dtype, ...]
    results: tuple[tuple[np.dtype, Callable[..., Any]], ...]


def _exp10(x: Any) -> Any:
    return np.power(x.dtype.type(10), x)


def _rsqrt(x: Any) -> Any:
    return (1 / np.sqrt(x)).astype(x.dtype)


def _rcbrt(x: Any) -> Any:
    return (1 / np.cbrt(x)).astype(x.dtype)


def _by_pi(fn: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """``sinpi(x)``: el ángulo se reduce antes de multiplicar por pi."""
    return lambda x: fn(np.remainder(x.astype(np.float64), 2.0) * np.pi).astype(x.dtype)


def _half_away(x: Any) -> Any:
    """``round`` de C: las mitades se alejan de cero."""
    whole = np.trunc(x)
    up = np.abs(x - whole) >= 0.5
    return np.where(up, whole + np.copysign(x.dtype.type(1), x), whole).astype(x.dtype)[()]


def _positive_difference(a: Any, b: Any) -> Any:
    return np.where(np.isnan(a) | np.isnan(b), np.nan, np.maximum(a - b, 0)).astype(a.dtype)[()]


def _normal_cdf(x: Any) -> Any:
    return (0.5 * ops.MATH_UNARY["erfc"](-x.astype(np.float64) / np.sqrt(2.0))).astype(x.dtype)


def _saturate(x: Any) -> Any:
    return np.where(np.isnan(x), 0, np.clip(x, 0, 1)).astype(x.dtype)[()]


UNARY = {
    **{n: ops.MATH_UNARY[n] for n in (
        "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "erf", "erfc",
        "exp", "exp2", "expm1", "fabs", "floor", "lgamma", "log", "log10", "log1p", "log2", "sin",
        "sinh", "sqrt", "tan", "tanh", "trunc")},
    "tgamma": ops.MATH_UNARY["gamma"], "cbrt": np.cbrt, "rcbrt": _rcbrt, "rsqrt": _rsqrt,
    "exp10": _exp10, "sinpi": _by_pi(np.sin), "cospi": _by_pi(np.cos), "rint": np.rint,
    "nearbyint": np.rint, "round": _half_away, "normcdf": _normal_cdf,
}  # fmt: skip
BINARY = {
    "atan2": np.arctan2, "copysign": np.copysign, "fdim": _positive_difference, "fmax": np.fmax,
    "fmin": np.fmin, "fmod": np.fmod, "hypot": np.hypot, "nextafter": np.nextafter,
    "pow": np.power, "remainder": ops.MATH_BINARY["remainder"],
}  # fmt: skip
FAST = {n: UNARY[n] for n in ("cos", "exp", "exp10", "log", "log10", "log2", "sin", "tan")}
SPLIT = {
    "sincos": (np.sin, np.cos), "sincospi": (_by_pi(np.sin), _by_pi(np.cos)),
    "modf": (lambda x: np.modf(x)[0], lambda x: np.modf(x)[1]),
}  # fmt: skip
ROUNDED = {"rn": np.rint, "rz": np.trunc, "ru": np.ceil, "rd": np.floor}


def _same(name: str, t: np.dtype, count: int, run: Any, result: np.dtype | None = None) -> Any:
    return name, Row((t,) * count, ((result or t, run),))


def _floating() -> dict[str, Row]:
    """Cada función, en float64 y, con una «f» al final, en float32."""
    out = {}
    for suffix, t in ((DOUBLE, T.F64), (SINGLE, T.F32)):
        out.update(_same(n + suffix, t, 1, f) for n, f in UNARY.items())
        out.update(_same(n + suffix, t, 2, f) for n, f in BINARY.items())
        out.update(_same(n, t, 3, fma) for n in ("fma" + suffix, f"fma{suffix}_rn"))
        for n, pair in SPLIT.items():
            out[n + suffix] = Row((t,), tuple((t, f) for f in pair))
        for n in ("ldexp", "scalbn"):
            out[n + suffix] = Row((t, T.I32), ((t, np.ldexp),))
        out["frexp" + suffix] = Row((t,), ((t, lambda x: np.frexp(x)[0]),
                                           (T.I32, lambda x: np.frexp(x)[1])))  # fmt: skip
    return out


def _rounding() -> dict[str, Row]:
    """Las que redondean al más cercano, que es lo que hace NumPy."""
    out = {}
    for letter, t in (("d", T.F64), ("f", T.F32)):
        for n, f in (("add", ops.rounded_sum), ("mul", ops.rounded_product), ("div", np.divide)):
            out.update([_same(f"{letter}{n}_rn", t, 2, f)])
        for n, f in (("rcp", np.reciprocal), ("sqrt", np.sqrt)):
            out.update([_same(f"{letter}{n}_rn", t, 1, f)])
    out.update(
        [_same("fsub_rn", T.F32, 2, ops.rounded_difference), _same("frsqrt_rn", T.F32, 1, _rsqrt)]
    )
    return out


def _to_integer(rounding: Any, to: np.dtype) -> Any:
    return lambda x: clamp_to_integer(rounding(x), to)


def _conversions() -> dict[str, Row]:
    """De flotante a entero con cada redondeo, y de los mismos bits a otro tipo."""
    integers = {"int": T.I32, "uint": T.U32, "ll": T.I64, "ull": T.U64}
    out = {}
    for source, t in (("float", T.F32), ("double", T.F64)):
        for target, to in integers.items():
            for mode, rounding in ROUNDED.items():
                run = _to_integer(rounding, to)
                out[f"{source}2{target}_{mode}"] = Row((t,), ((to, run),))
            out[f"{target}2{source}_rn"] = Row((to,), ((t, _cast(t)),))
    out["double2float_rn"] = Row((T.F64,), ((T.F32, _cast(T.F32)),))
    pairs = (
        ("float_as_int", T.F32, T.I32),
        ("int_as_float", T.I32, T.F32),
        ("double_as_longlong", T.F64, T.I64),
        ("longlong_as_double", T.I64, T.F64),
    )
    out.update((n, Row((a,), ((b, _bits_as(b)),))) for n, a, b in pairs)
    return out


def _cast(t: np.dtype) -> Any:
    return lambda x: x.astype(t)


def _bits_as(t: np.dtype) -> Any:
    return lambda x: x.view(t)


def _high(x: Any, y: Any) -> Any:
    return ((x.astype(np.int64) * y.astype(np.int64)) >> 32).astype(np.int32)


def _high_unsigned(x: Any, y: Any) -> Any:
    return ((x.astype(np.uint64) * y.astype(np.uint64)) >> np.uint64(32)).astype(np.uint32)


def _average(round_up: int) -> Any:
    return lambda x, y: ((x.astype(np.int64) + y.astype(np.int64) + round_up) >> 1).astype(x.dtype)


def _int32(run: Any) -> Any:
    return lambda *x: run(*x).astype(np.int32)


def _integers() -> dict[str, Row]:
    rows = []
    for suffix, t in (("", T.I32), ("ll", T.I64)):
        counts = (("clz", bits.clz), ("ffs", bits.ffs), ("popc", bits.popc))
        rows += [_same(n + suffix, t, 1, _int32(f), T.I32) for n, f in counts]
    rows += [_same("brev", T.I32, 1, lambda x: bits.brev(x).astype(np.int32)),
             _same("brevll", T.I64, 1, lambda x: bits.brev(x).astype(np.int64)),
             _same("abs", T.I32, 1, np.abs), _same("llabs", T.I64, 1, np.abs)]  # fmt: skip
    for prefix, t in (("", T.I32), ("u", T.U32), ("ll", T.I64), ("ull", T.U64)):
        rows += [_same(prefix + "max", t, 2, np.maximum), _same(prefix + "min", t, 2, np.minimum)]
    rows += [
        _same("mulhi", T.I32, 2, _high),
        _same("umulhi", T.U32, 2, _high_unsigned),
        _same("hadd", T.I32, 2, _average(0)),
        _same("rhadd", T.I32, 2, _average(1)),
        _same("uhadd", T.U32, 2, _average(0)),
        _same("urhadd", T.U32, 2, _average(1)),
    ]
    return dict(rows)


LIBDEVICE: dict[str, Row] = {
    **_floating(), **_rounding(), **_conversions(), **_integers(),
    **dict(_same(f"fast_{n}f", T.F32, 1, f) for n, f in FAST.items()),
    **dict([_same("fast_fdividef", T.F32, 2, np.divide), _same("fast_powf", T.F32, 2, np.power),
            _same("saturatef", T.F32, 1, _saturate)]),
    "fast_sincosf": Row((T.F32,), ((T.F32, np.sin), (T.F32, np.cos))),
}  # fmt: skip


def libdevice(name: str) -> Callable[..., ir.Expr]:
    """Cómo se tipa ``cuda.libdevice.name``."""
    row = LIBDEVICE[name]

    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, len(row.args))
        for a in args:
            typer.need_real(a, node)
        parts = tuple(typer.temp(typer.cast(a, t)) for a, t in zip(args, row.args, strict=True))
        values = [ir.Apply(t, node.lineno, run, parts, name) for t, run in row.results]
        return values[0] if len(values) == 1 else typer.make_tuple(values, node)

    return handler
