"""``cuda.fp16``: aritmética de media precisión; todo resultado se redondea a float16."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from urdimbre.sim.functions.fma import fma16
from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T


def _wide(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Se calcula en float32 y se redondea."""
    return lambda *x: fn(*(v.astype(np.float32) for v in x)).astype(np.float16)


def _different(a: Any, b: Any) -> Any:
    """Con un NaN es falso, como ``__hne``."""
    return (a < b) | (a > b)


UNARY = {
    "habs": np.abs, "hneg": np.negative, "hceil": np.ceil, "hfloor": np.floor, "hrint": np.rint,
    "htrunc": np.trunc, "hsqrt": _wide(np.sqrt), "hrsqrt": _wide(lambda x: 1 / np.sqrt(x)),
    "hrcp": _wide(np.reciprocal), "hcos": _wide(np.cos), "hsin": _wide(np.sin),
    "hexp": _wide(np.exp), "hexp2": _wide(np.exp2),
    "hexp10": _wide(lambda x: np.power(np.float32(10), x)), "hlog": _wide(np.log),
    "hlog2": _wide(np.log2), "hlog10": _wide(np.log10), "htanh": _wide(np.tanh),
    "htanh_approx": _wide(np.tanh),
}  # fmt: skip
BINARY = {
    "hadd": np.add, "hsub": np.subtract, "hmul": np.multiply, "hdiv": np.divide, "hmax": np.fmax,
    "hmin": np.fmin,
}  # fmt: skip
TESTS = {
    "heq": np.equal, "hne": _different, "hge": np.greater_equal, "hgt": np.greater,
    "hle": np.less_equal, "hlt": np.less,
}  # fmt: skip
# nombre: (argumentos, función, tipo del resultado)
HALF = {
    **{n: (1, f, T.F16) for n, f in UNARY.items()},
    **{n: (2, f, T.F16) for n, f in BINARY.items()},
    **{n: (2, f, T.BOOL) for n, f in TESTS.items()},
    "hfma": (3, fma16, T.F16),
}


def half(name: str) -> Callable[..., ir.Expr]:
    """Cómo se tipa ``cuda.fp16.name``: los argumentos se convierten a float16."""
    count, run, result = HALF[name]

    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, count)
        for a in args:
            typer.need_real(a, node)
        return typer.apply(name, run, T.F16, result, args, node)

    return handler
