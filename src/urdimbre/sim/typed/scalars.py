"""Los tipos escalares y el tipo que da cada operación, como los infiere Numba CUDA.

Fuente: inferencia de ``numba-cuda`` 0.30 sobre kernels reales; ``tests/compiler`` compara.
Un tipo escalar es su ``np.dtype``: así una operación de NumPy y una regla hablan igual.
"""

from __future__ import annotations

from typing import Any

import numpy as np

BOOL, I8, I16, I32, I64 = (np.dtype(t) for t in ("bool", "int8", "int16", "int32", "int64"))
U8, U16, U32, U64 = (np.dtype(t) for t in ("uint8", "uint16", "uint32", "uint64"))
F16, F32, F64 = (np.dtype(t) for t in ("float16", "float32", "float64"))
C64, C128 = np.dtype("complex64"), np.dtype("complex128")

SCALARS = {
    dt.name: dt for dt in (BOOL, I8, I16, I32, I64, U8, U16, U32, U64, F16, F32, F64, C64, C128)
}
ALIASES = {
    "boolean": BOOL, "bool_": BOOL, "byte": U8, "uchar": U8, "char": I8, "short": I16, "intc": I32,
    "int_": I64, "intp": I64, "uintp": U64, "uint": U64, "long_": I64, "longlong": I64, "half": F16,
    "float_": F32, "double": F64, "float": F64, "int": I64, "b1": BOOL, "i1": I8,
    "i2": I16, "i4": I32, "i8": I64, "u1": U8, "u2": U16, "u4": U32, "u8": U64, "f2": F16,
    "f4": F32, "f8": F64, "c8": C64, "c16": C128,
}  # fmt: skip


def is_scalar(t: Any) -> bool:
    return isinstance(t, np.dtype) and t.kind in "biufc"


def is_record(t: Any) -> bool:
    return isinstance(t, np.dtype) and t.names is not None


def is_int(t: Any) -> bool:
    return isinstance(t, np.dtype) and t.kind in "biu"


def is_float(t: Any) -> bool:
    return isinstance(t, np.dtype) and t.kind == "f"


# ---- Reglas ---------------------------------------------------------------------------------


def integer_result(a: np.dtype, b: np.dtype) -> np.dtype:
    """Entero con entero: siempre 64 bits; sin signo solo si ninguno lo tiene."""
    return U64 if a.kind == b.kind == "u" else I64


def promote(a: np.dtype, b: np.dtype) -> np.dtype:
    """Como NumPy entre arreglos, salvo dos casos: uint16 con un real y uint8 con float16."""
    out = np.promote_types(a, b)
    if U16 in (a, b) and out in (F16, F32, C64):
        return C128 if out == C64 else F64
    return F32 if U8 in (a, b) and out == F16 else out


def arithmetic(a: np.dtype, b: np.dtype) -> np.dtype:
    """``+ - *``: enteros a 64 bits; con un real, :func:`promote`."""
    return integer_result(a, b) if is_int(a) and is_int(b) else promote(a, b)


def division(a: np.dtype, b: np.dtype) -> np.dtype:
    return F64 if is_int(a) and is_int(b) else promote(a, b)


def floor_division(a: np.dtype, b: np.dtype) -> np.dtype:
    out = arithmetic(a, b)
    return F32 if out == F16 else out


def power(a: np.dtype, b: np.dtype) -> np.dtype:
    """``float32 ** entero`` sigue en float32; ``entero ** entero`` es int64."""
    if is_int(a) and is_int(b):
        return F32 if (a, b) == (BOOL, I32) else integer_result(a, b)
    if is_float(a) and is_int(b):
        return F32 if a == F16 else a
    out = promote(a, b)
    return F32 if out == F16 else out


NARROW = (BOOL, I8, I16, U8, F16, F32)  # lo que cabe sin pérdida en un float32, según Numba


def real_pair(a: np.dtype, b: np.dtype) -> np.dtype:
    """Tipo de ``math.fmod`` y las demás funciones de dos argumentos."""
    return F32 if a in NARROW and b in NARROW else F64


def real_pair_wide(a: np.dtype, b: np.dtype) -> np.dtype:
    """``math.hypot`` y ``math.atan2``: entre enteros, siempre float64."""
    return F64 if is_int(a) and is_int(b) else real_pair(a, b)


def math_power(a: np.dtype, b: np.dtype) -> np.dtype:
    """``math.pow``: un exponente int32 no ensancha la base."""
    narrow = (a in NARROW and b == I32) or (a, b) == (F32, U16)
    return F32 if narrow else real_pair(a, b)


def divmod_integers(a: np.dtype, b: np.dtype) -> np.dtype:
    """``divmod`` de enteros: como una variable de los dos tipos, ensanchada a 64 bits."""
    kinds = {a.kind, b.kind} - {"b"}
    if kinds == {"i", "u"}:
        return F64 if U64 in (a, b) else I64
    return U64 if kinds == {"u"} else I64


def range_index(parts: tuple[np.dtype, ...]) -> np.dtype:
    """El índice de ``range``: int32, int64 o uint64, según los límites."""
    if I64 in parts:
        return I64
    signed = any(p.kind == "i" for p in parts)
    if U64 in parts:
        return I32 if I32 in parts else U64
    if U32 in parts:
        return I64 if signed else U64
    return U64 if not signed and any(p.kind == "u" for p in parts) else I32


def shift(a: np.dtype, b: np.dtype) -> np.dtype:
    """El signo del resultado es el del operando izquierdo."""
    return U64 if a.kind == "u" else I64


def bitwise(a: np.dtype, b: np.dtype) -> np.dtype:
    return BOOL if a == b == BOOL else integer_result(a, b)


def comparison(a: np.dtype, b: np.dtype) -> np.dtype:
    """Tipo en que se compara: int64 con uint64 pasa por float64."""
    if is_int(a) and is_int(b):
        return integer_result(a, b) if (a.kind == "u") == (b.kind == "u") else _mixed(a, b)
    return np.promote_types(a, b)


def _mixed(a: np.dtype, b: np.dtype) -> np.dtype:
    unsigned = a if a.kind == "u" else b
    return F64 if unsigned == U64 else I64
