"""Lo que infiere el simulador, en el mismo alfabeto que el compilador real."""

from __future__ import annotations

import ast
import math
from typing import Any

import numpy as np
import type_codes

from urdimbre.errors import KernelTypeError, UnsupportedError
from urdimbre.sim import facade
from urdimbre.sim.frontend.source import Names, Source
from urdimbre.sim.frontend.typing import Typer
from urdimbre.sim.typed import types as T

UNSUPPORTED = "!"
SCOPE = {"math": math, "np": np, "cuda": facade}


def infer(text: str, arg_codes: tuple[str, ...]) -> str:
    """Tipo que devuelve ``f``, ``-`` si la rechaza, ``!`` si dice que no la sabe hacer."""
    try:
        returns = Typer(_source(text), _types(arg_codes), device=True).function().returns
    except UnsupportedError:
        return UNSUPPORTED
    except KernelTypeError:
        return type_codes.REJECTED
    return code(returns)


def _source(text: str) -> Source:
    node = ast.parse(text).body[0]
    return Source("f", node, Names(SCOPE), "<prueba>", tuple(text.splitlines()), 1)


def _types(arg_codes: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(_type(c) for c in arg_codes)


def _type(arg_code: str) -> Any:
    base, _, dims = arg_code.partition("[")
    element = np.dtype("bool" if base == "b1" else base)
    return T.Array(element, int(dims[:-1])) if dims else element


def code(t: Any) -> str:
    """Código de un tipo del simulador."""
    if isinstance(t, np.dtype):
        return type_codes.scalar(t.name)
    if isinstance(t, T.Tuple):
        return "(" + ",".join(code(item) for item in t.items) + ")"
    if isinstance(t, T.Array):
        return f"{code(t.dtype)}[{t.ndim}]"
    return "none" if t == T.NONE else "{" + str(t) + "}"
