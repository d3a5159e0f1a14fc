"""Qué hacer ante un error frecuente: la segunda mitad de un mensaje."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

import numpy as np

from urdimbre.sim.typed import types as T

REDUCTIONS = ("sum", "mean", "max", "min", "prod", "std", "var", "dot", "argmax", "argmin", "all",
              "any", "cumsum", "sort")  # fmt: skip
CREATIONS = ("zeros", "ones", "empty", "full", "array", "arange", "linspace", "zeros_like",
             "ones_like", "empty_like", "copy")  # fmt: skip

# De un arreglo, lo que numba-cuda 0.30 sabe tipar y traducir; enlazarlo aquí no se probó.
COMPILED = ("sum", "mean", "min", "max", "prod", "std", "var", "argmin", "argmax", "any", "all",
            "cumsum", "cumprod", "copy", "astype", "fill", "dot", "nonzero", "take", "conj", "clip",
            "repeat", "item", "flat")  # fmt: skip

TRAVERSE = " Recorre el arreglo con «for», elemento a elemento."
DECLARE = " Dentro de un kernel, un arreglo se declara con cuda.local.array o cuda.shared.array."
HOST = dict.fromkeys(REDUCTIONS, TRAVERSE) | dict.fromkeys(CREATIONS, DECLARE)

ONE_ELEMENT = " Cada hilo opera con elementos, como a[i]."
SEPARATE = " En print, separa los valores con comas."
FROZEN = " Una tupla no cambia: usa cuda.local.array."
ONE_ITEM = " De una tupla se toma un elemento, como x.shape[0]."
LENGTHS = ("len", "length", "lenght", "count", "n")
ATTRIBUTES = ("shape", "size", "ndim", "strides", "nbytes", "itemsize", "dtype", "T")
COORDINATES = " cuda.grid(1) da un entero; cuda.grid(2), una pareja; cuda.grid(3), una terna."


def instead_of(name: str) -> str:
    """Qué usar en lugar de una función de NumPy o de un método de un arreglo."""
    return HOST.get(name.rpartition(".")[2], "")


def attribute(name: str) -> str:
    """Qué se quiso pedir de un arreglo."""
    if name in LENGTHS:
        return " Su cantidad de elementos es «size»."
    return instead_of(name) or similar(name, ATTRIBUTES)


def for_operand(operand: Any) -> str:
    """Qué hacer con un operando que no es un número."""
    if isinstance(operand.type, T.Array):
        return ONE_ELEMENT
    if isinstance(operand.type, T.Tuple):
        return ONE_ITEM
    if hasattr(getattr(operand, "value", None), "x"):
        return f" Falta el eje: {operand.value.name}.x."
    return SEPARATE if isinstance(getattr(operand, "value", None), str) else ""


def called(name: str, target: Any) -> str:
    """Por qué algo no se puede llamar."""
    if T.is_scalar(target.type):
        return f"«{name}» es un valor, no una función: quita los paréntesis."
    if isinstance(target.type, T.Array):
        return f"«{name}» es un arreglo: sus elementos van entre corchetes, {name}[i]."
    return f"«{name}» no se puede llamar."


def item_of(name: str, target: Any) -> str:
    """Por qué algo no lleva corchetes."""
    if hasattr(getattr(target, "value", None), "device_function"):
        return f"«{name}» es un kernel, y un kernel no puede lanzar otro: lánzalo desde Python."
    return f"«{name}», de tipo {T.name_of(target.type)}, no se puede indexar con [ ]."


def assigned(target: Any) -> str:
    """Qué hacer si se asigna a un elemento de algo que no es un arreglo."""
    return FROZEN if isinstance(target.type, T.Tuple) else ""


def unpacked(value: Any) -> str:
    """Qué hacer si se reparte entre varios nombres algo que no es una tupla."""
    return COORDINATES if value.type == np.dtype("int64") else ""


def similar(name: str, known: Iterable[str]) -> str:
    """«¿Quisiste decir…?», si algo se parece."""
    public = [other for other in known if not other.startswith("_")]
    close = difflib.get_close_matches(name, public, 1, 0.7)
    return f" ¿Quisiste decir «{close[0]}»?" if close else ""
