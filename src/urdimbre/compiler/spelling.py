"""Los tipos de los argumentos como datos que viajan a otro proceso, y cómo se leen.

Un tipo es una tupla: ``("array", "<f4", 2, "C", False)`` (tipo, dimensiones, orden y si es de solo
lectura), ``("scalar", "<f8")``, ``("record", …)``, ``("tuple", …)``, ``("none",)``, o un tipo de
Numba ya hecho, ``("numba", bytes)``.
"""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np

from urdimbre.errors import ArgumentError
from urdimbre.sim.host.arguments import InOut
from urdimbre.sim.typed import types as T

PYTHON = ((bool, "|b1"), (int, "<i8"), (float, "<f8"), (complex, "<c16"))
NOT_A_TYPE = (
    "No se entiende {value!r} como argumento del kernel: da arreglos y números como los del "
    'lanzamiento, o una firma como "void(float32[:], int32)".'
)


def spell(value: Any) -> tuple:
    """El tipo con que Numba recibiría ``value``: un argumento, o ya un tipo.

    Raises:
        ArgumentError: si no es ninguna de las dos cosas.
    """
    for accepts, make in _FORMS:
        if accepts(value):
            return make(value)
    raise ArgumentError(NOT_A_TYPE.format(value=value))


def _array(value: Any) -> tuple:
    dtype, readonly = np.dtype(value.dtype), not _writeable(value)
    return ("array", _dtype(dtype), len(value.shape), _layout(value), readonly)


def _writeable(value: Any) -> bool:
    return bool(value.flags.writeable) if isinstance(value, np.ndarray) else True


def _layout(value: Any) -> str:
    """``C`` si va por filas y sin huecos, ``F`` si va por columnas, ``A`` si no es ninguna."""
    if value.strides is None:
        return "C"
    itemsize = np.dtype(value.dtype).itemsize
    by_rows, by_columns = _packed(value.shape, itemsize)
    strides = tuple(value.strides)
    return "C" if strides == by_rows else "F" if strides == by_columns else "A"


def _packed(shape: tuple[int, ...], itemsize: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    def steps(sizes: Any) -> list[int]:
        found = [itemsize]
        for n in sizes:
            found.append(found[-1] * int(n))
        return found[:-1]

    return tuple(reversed(steps(reversed(shape)))), tuple(steps(shape))


def _dtype(dtype: np.dtype) -> Any:
    return dtype.str if dtype.names is None else ("pickled", pickle.dumps(dtype))


def dtype_of(code: Any) -> np.dtype:
    """El ``dtype`` de su código."""
    return np.dtype(code) if isinstance(code, str) else pickle.loads(code[1])


def _simulated_array(t: T.Array) -> tuple:
    return ("array", _dtype(t.dtype), t.ndim, "A", t.readonly)


def _is_numba_type(value: Any) -> bool:
    return hasattr(value, "mangling_args") and hasattr(value, "is_precise")


def _python(value: Any) -> tuple:
    code = next(code for kind, code in PYTHON if isinstance(value, kind))
    big = code == "<i8" and not -(1 << 63) <= value < 1 << 63
    return ("scalar", "<u8" if big else code)


# Si sirve -> cómo se escribe. El orden importa: un np.float64 es también un float.
_FORMS = (
    (lambda v: v is None, lambda v: ("none",)),
    (lambda v: isinstance(v, InOut), lambda v: spell(np.asarray(v.array))),
    (lambda v: isinstance(v, np.void), lambda v: ("record", pickle.dumps(v.dtype))),
    (lambda v: isinstance(v, np.generic), lambda v: ("scalar", v.dtype.str)),
    (lambda v: isinstance(v, np.dtype), lambda v: ("scalar", v.str)),
    (lambda v: isinstance(v, T.Array), _simulated_array),
    (lambda v: isinstance(v, T.Tuple), lambda v: ("tuple", *map(spell, v.items))),
    (_is_numba_type, lambda v: ("numba", pickle.dumps(v))),
    (lambda v: isinstance(v, type) and issubclass(v, np.generic),
     lambda v: ("scalar", np.dtype(v).str)),
    (lambda v: isinstance(v, tuple), lambda v: ("tuple", *map(spell, v))),
    (lambda v: hasattr(v, "shape") and hasattr(v, "dtype") and hasattr(v, "strides"), _array),
    (lambda v: isinstance(v, bool | int | float | complex), _python),
)  # fmt: skip
