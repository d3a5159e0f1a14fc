"""Lo que todos los oráculos comparten: de dónde sale el espacio de nombres y qué se acepta."""

from __future__ import annotations

from typing import Any

import numpy as np
from array_api_compat import array_namespace, device, is_numpy_array

from urdimbre.errors import ArgumentError

# NumPy cumple el estándar desde la 2.1. Su envoltura carga NumPy entero, y eso tarda más que
# corregir un ejercicio.
_STANDARD_NUMPY = hasattr(np, "unstack")


def namespace(*arrays: Any) -> Any:
    """El módulo (NumPy, CuPy u otro del estándar) al que pertenecen los arreglos.

    Errors:
        ArgumentError: algún argumento no es un arreglo, o vienen de bibliotecas distintas.
    """
    plain = _STANDARD_NUMPY and all(map(is_numpy_array, arrays))
    try:
        return array_namespace(*arrays, use_compat=False if plain else None)
    except TypeError as reason:
        kinds = ", ".join(type(a).__name__ for a in arrays)
        raise ArgumentError(
            f"Se esperaban arreglos de una misma biblioteca (NumPy o CuPy) y llegó: {kinds}."
        ) from reason


def require_ndim(array: Any, ndim: int, name: str) -> None:
    """Exige ``ndim`` dimensiones."""
    if array.ndim != ndim:
        raise ArgumentError(
            f"«{name}» debe tener {ndim} {_plural(ndim)} y su forma es {tuple(array.shape)}."
        )


def _plural(ndim: int) -> str:
    return "dimensión" if ndim == 1 else "dimensiones"


def require_same_shape(first: Any, second: Any, names: tuple[str, str]) -> None:
    """Exige la misma forma: los oráculos no repiten ejes por su cuenta."""
    if tuple(first.shape) != tuple(second.shape):
        raise ArgumentError(
            f"«{names[0]}» y «{names[1]}» deben tener la misma forma: "
            f"{tuple(first.shape)} y {tuple(second.shape)}."
        )


def require_kind(array: Any, kinds: tuple[str, ...], name: str) -> None:
    """Exige un tipo de elemento de las clases del estándar (``"numeric"``, ``"integral"``...)."""
    if not namespace(array).isdtype(array.dtype, kinds):
        raise ArgumentError(f"«{name}» no puede ser de tipo {array.dtype} en esta operación.")


def require_count(value: Any, name: str, least: int = 1) -> int:
    """Un entero de Python no menor que ``least``; un bool o un float son un error."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ArgumentError(f"«{name}» debe ser un entero y es {value!r}.")
    if value.__index__() < least:
        raise ArgumentError(f"«{name}» debe ser al menos {least} y es {value}.")
    return value.__index__()


def common_dtype(*arrays: Any) -> Any:
    """El tipo del resultado según el estándar: nunca mezcla enteros con reales."""
    xp = namespace(*arrays)
    groups = {_family(xp, a.dtype) for a in arrays}
    if len(groups) > 1:
        kinds = ", ".join(str(a.dtype) for a in arrays)
        raise ArgumentError(f"Convierte los argumentos a un mismo tipo: llegaron {kinds}.")
    return xp.result_type(*arrays)


def _family(xp: Any, dtype: Any) -> str:
    if xp.isdtype(dtype, ("signed integer", "unsigned integer")):
        return "integer"
    return "boolean" if xp.isdtype(dtype, "bool") else "floating"


def wide(array: Any) -> Any:
    """El mismo contenido en el tipo más ancho de su clase, donde se hacen las cuentas."""
    xp = namespace(array)
    for kind, dtype in _WIDE:
        if xp.isdtype(array.dtype, kind):
            return xp.astype(array, getattr(xp, dtype))
    return array


_WIDE = (
    ("real floating", "float64"),
    ("complex floating", "complex128"),
    ("signed integer", "int64"),
    ("unsigned integer", "uint64"),
)


def counted(like: Any, n: int) -> Any:
    """``0, 1, ..., n-1`` en int64, en la biblioteca y el dispositivo de ``like``."""
    xp = namespace(like)
    return xp.arange(n, dtype=xp.int64, device=device(like))
