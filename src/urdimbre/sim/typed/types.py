"""Los tipos del dialecto: los escalares y los que se componen de ellos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from urdimbre.sim.typed.scalars import (  # noqa: F401
    ALIASES,
    BOOL,
    C64,
    C128,
    F16,
    F32,
    F64,
    I8,
    I16,
    I32,
    I64,
    NARROW,
    SCALARS,
    U8,
    U16,
    U32,
    U64,
    arithmetic,
    bitwise,
    comparison,
    division,
    divmod_integers,
    floor_division,
    integer_result,
    is_float,
    is_int,
    is_record,
    is_scalar,
    math_power,
    power,
    promote,
    range_index,
    real_pair,
    real_pair_wide,
    shift,
)  # fmt: skip


@dataclass(frozen=True)
class Array:
    """Arreglo de ``ndim`` dimensiones y elementos ``dtype``; ``readonly`` si no se escribe."""

    dtype: np.dtype
    ndim: int
    readonly: bool = False

    def __str__(self) -> str:
        kind = " de solo lectura" if self.readonly else ""
        return f"arreglo {self.ndim}-D de {name_of(self.dtype)}{kind}"


@dataclass(frozen=True)
class Nested(Array):
    """El campo de un registro que es un arreglo: su forma es parte del tipo."""

    lengths: tuple[int, ...] = ()


@dataclass(frozen=True)
class Record:
    """Un elemento de un arreglo de registros: no es una copia, es su lugar en la memoria."""

    dtype: np.dtype
    readonly: bool = False

    def __str__(self) -> str:
        return name_of(self.dtype)


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
class NamedTuple(Tuple):
    """Una tupla cuyas partes tienen nombre."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Member:
    """Un miembro de un ``enum.Enum``: solo se compara con otros y da su valor."""

    enum: type
    dtype: np.dtype
    is_number: bool = True

    def __str__(self) -> str:
        return f"miembro de {self.enum.__name__}"


@dataclass(frozen=True)
class Known:
    """Un argumento que se conoce al compilar: una función, un tipo o una constante ``kind``."""

    value: Any
    kind: Any = None

    def __str__(self) -> str:
        return f"{getattr(self.value, '__name__', self.value)}"


@dataclass(frozen=True)
class Vector:
    """``float32x4`` y los demás: de una a cuatro partes de un tipo."""

    dtype: np.dtype
    size: int

    @property
    def items(self) -> tuple[np.dtype, ...]:
        return (self.dtype,) * self.size

    def __str__(self) -> str:
        return f"{self.dtype.name}x{self.size}"


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
class GridGroup:
    """Lo que devuelve ``cuda.cg.this_grid()``."""

    def __str__(self) -> str:
        return "grupo de la malla"


@dataclass(frozen=True)
class Conflict:
    """Dos tipos que no se unifican: solo es error si la variable se usa."""

    first: Any
    second: Any

    def __str__(self) -> str:
        return f"{name_of(self.first)} o {name_of(self.second)}, según el camino"


NONE, OBJECT, GRID = NoneType(), ObjectType(), GridGroup()


def name_of(t: Any) -> str:
    """Nombre del tipo para un mensaje."""
    if is_record(t):
        return f"registro ({', '.join(t.names)})"
    return t.name if isinstance(t, np.dtype) else str(t)


def dtype_of(obj: Any) -> np.dtype | None:
    """``np.dtype`` que nombra ``obj`` (tipo de Numba, de NumPy o texto), o ``None``."""
    if isinstance(obj, np.dtype):
        return obj if obj.name in SCALARS or is_record(obj) else None
    if isinstance(obj, str):
        return SCALARS.get(obj) or ALIASES.get(obj)
    if isinstance(obj, type):
        return _class_dtype(obj)
    if type(obj).__module__.split(".")[0] in ("numba", "numba_cuda") and hasattr(obj, "name"):
        if is_record(getattr(obj, "dtype", None)):
            return obj.dtype
        return SCALARS.get(str(obj.name))
    return None


def _class_dtype(cls: type) -> np.dtype | None:
    if cls in (bool, int, float, complex):
        return {bool: BOOL, int: I64, float: F64, complex: C128}[cls]
    if issubclass(cls, np.generic):
        return SCALARS.get(np.dtype(cls).name)
    return None


def same(a: Any, b: Any) -> bool:
    """Si son el mismo tipo: ``==`` no basta, porque NumPy iguala un ``dtype`` a lo que lo lleva."""
    return type(a) is type(b) and a == b


def unify(a: Any, b: Any) -> Any:
    """Tipo de una variable que llega con dos tipos a un mismo punto; ``None`` si no hay."""
    if same(a, b):
        return a
    if is_scalar(a) and is_scalar(b):
        return np.promote_types(a, b)
    if isinstance(a, Array) and isinstance(b, Array) and (a.dtype, a.ndim) == (b.dtype, b.ndim):
        return Array(a.dtype, a.ndim, a.readonly or b.readonly)
    if isinstance(a, Tuple) and isinstance(b, Tuple) and len(a.items) == len(b.items):
        parts = tuple(unify(x, y) for x, y in zip(a.items, b.items, strict=True))
        # «None in parts» no sirve: np.dtype('float64') == None es cierto.
        return None if any(p is None for p in parts) else Tuple(parts)
    return None
