"""Un tipo, en pocas letras: ``i4``, ``f4[2]``, ``(i8,f4)``, ``?i4`` (opcional),
``-`` (no compila), ``?`` (el compilador no pudo contestar sin un controlador de GPU).

Cada lado traduce sus propios tipos a este alfabeto: el compilador real y el simulador.
"""

from __future__ import annotations

from typing import Any

import numpy as np

REJECTED = "-"
UNKNOWN = "?"


def of_numba(t: Any) -> str:
    """Código de un tipo del compilador real."""
    from numba import types as nb

    t = nb.unliteral(t)
    if isinstance(t, nb.Optional):
        return "?" + of_numba(t.type)
    if isinstance(t, nb.BaseTuple):
        return "(" + ",".join(of_numba(item) for item in t.types) + ")"
    if isinstance(t, nb.Array):
        return f"{of_numba(t.dtype)}[{t.ndim}]"
    if isinstance(t, nb.NoneType) or t is nb.none:
        return "none"
    return scalar(str(t))


def scalar(name: str) -> str:
    """Código de un escalar por su nombre; otro tipo cualquiera queda con su nombre."""
    try:
        return np.dtype(name).str.lstrip("<>|=")
    except TypeError:
        return "{" + name.replace(" ", "") + "}"


def to_numba(code: str) -> Any:
    """El tipo de un argumento para el compilador real."""
    from numba import types as nb
    from numba.np.numpy_support import from_dtype

    base, _, dims = code.partition("[")
    element = from_dtype(np.dtype(base if base != "b1" else "bool"))
    return nb.Array(element, int(dims[:-1]), "C") if dims else element
