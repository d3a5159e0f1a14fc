"""Los tipos del dialecto y sus reglas, como los infiere Numba CUDA.

Fuente: inferencia de ``numba-cuda`` 0.30 sobre kernels reales; ``tests/compiler`` compara.
Un tipo escalar es su ``np.dtype``: así una operación de NumPy y una regla hablan igual.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    "float_": F32, "double": F64, "float": F64, "int": I64, "i1": I8, "i2": I16, "i4": I32,
    "i8": I64, "u1": U8, "u2": U16, "u4": U32, "u8": U64, "f2": F16, "f4": F32, "f8": F64,
    "c8": C64, "c16": C128,
}  # fmt: skip


@dataclass(frozen=True)
class Array:
    """Arreglo de ``ndim`` dimensiones y elementos ``dtype``."""

    dtype: np.dtype
    ndim: int

    def __str__(self) -> str:
        return f"arreglo {self.ndim}-D de {self.dtype.name}"


@dataclass(frozen=True)
class Tuple:
    """Tupla de tipos; homogénea si todos son iguales."""

    items: tuple[Any, ...]

    @property
    def homogeneous(self) -> bool:
        return len(set(self.items)) <= 1

    def __str__(self) -> str:
        return f"tupla ({', '.join(name_of(t) for t in self.items)})"


@dataclass(frozen=True)
class NoneType:
    """El tipo de ``None``: lo que devuelve una función sin ``return``."""

    def __str__(self) -> str:
        return "None"


@dataclass(frozen=True)
class ObjectType:
    """Algo que solo existe al compilar: un módulo, una función, un tipo."""

    label: str = "objeto"

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Conflict:
    """Dos tipos que no se unifican: solo es error si la variable se usa."""

    first: Any
    second: Any

    def __str__(self) -> str:
        return f"{name_of(self.first)} o {name_of(self.second)}, según el camino"


NONE, OBJECT = NoneType(), ObjectType()


def name_of(t: Any) -> str:
    """Nombre del tipo para un mensaje."""
    return t.name if isinstance(t, np.dtype) else str(t)


def is_scalar(t: Any) -> bool:
    return isinstance(t, np.dtype) and t.kind in "biufc"


def is_int(t: Any) -> bool:
    return isinstance(t, np.dtype) and t.kind in "biu"


def is_float(t: Any) -> bool:
    return isinstance(t, np.dtype) and t.kind == "f"


def dtype_of(obj: Any) -> np.dtype | None:
    """``np.dtype`` que nombra ``obj`` (tipo de Numba, de NumPy o texto), o ``None``."""
    if isinstance(obj, np.dtype):
        return obj if obj.name in SCALARS else None
    if isinstance(obj, str):
        return SCALARS.get(obj) or ALIASES.get(obj)
    if isinstance(obj, type):
        return _class_dtype(obj)
    if type(obj).__module__.split(".")[0] in ("numba", "numba_cuda") and hasattr(obj, "name"):
        return SCALARS.get(str(obj.name))
    return None


def _class_dtype(cls: type) -> np.dtype | None:
    if cls in (bool, int, float, complex):
        return {bool: BOOL, int: I64, float: F64, complex: C128}[cls]
    if issubclass(cls, np.generic):
        return SCALARS.get(np.dtype(cls).name)
    return None


# ---- Reglas ---------------------------------------------------------------------------------


def integer_result(a: np.dtype, b: np.dtype) -> np.dtype:
    """Entero con entero: siempre 64 bits; sin signo solo si ninguno lo tiene."""
    return U64 if a.kind == b.kind == "u" else I64


def unify(a: Any, b: Any) -> Any:
    """Tipo de una variable que llega con dos tipos a un mismo punto; ``None`` si no hay."""
    if a == b:
        return a
    if is_scalar(a) and is_scalar(b):
        return np.promote_types(a, b)
    if isinstance(a, Tuple) and isinstance(b, Tuple) and len(a.items) == len(b.items):
        parts = tuple(unify(x, y) for x, y in zip(a.items, b.items, strict=True))
        return None if None in parts else Tuple(parts)
    return None


def arithmetic(a: np.dtype, b: np.dtype) -> np.dtype:
    """``+ - *``: enteros a 64 bits, lo demás como NumPy entre arreglos."""
    return integer_result(a, b) if is_int(a) and is_int(b) else np.promote_types(a, b)


def division(a: np.dtype, b: np.dtype) -> np.dtype:
    return F64 if is_int(a) and is_int(b) else np.promote_types(a, b)


def floor_division(a: np.dtype, b: np.dtype) -> np.dtype:
    out = arithmetic(a, b)
    return F32 if out == F16 else out


def power(a: np.dtype, b: np.dtype) -> np.dtype:
    """``float32 ** entero`` sigue en float32; ``entero ** entero`` es int64."""
    if is_int(a) and is_int(b):
        return integer_result(a, b)
    if is_float(a) and is_int(b):
        return F32 if a == F16 else a
    if is_int(a) and is_float(b):
        return F64 if a != BOOL or b == F64 else F32
    out = np.promote_types(a, b)
    return F32 if out == F16 else out


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
