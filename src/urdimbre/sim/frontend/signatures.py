"""Firmas explícitas: ``@cuda.jit("void(float32[:], int32)")`` o con tipos de Numba."""

from __future__ import annotations

import re
from typing import Any

from urdimbre.errors import ArgumentError
from urdimbre.sim.typed import types as T

_PART = re.compile(r"^(\w+)\s*(\[[^\]]*\])?$")


def parse(given: Any) -> tuple[tuple[Any, ...], ...]:
    """Los tipos de los argumentos de cada firma dada.

    Raises:
        ArgumentError: si no se entiende.
    """
    if given is None:
        return ()
    if isinstance(given, list):
        return tuple(t for one in given for t in parse(one))
    if isinstance(given, str):
        return (_from_text(given),)
    if isinstance(given, tuple):
        return (tuple(_from_type(a) for a in given),)
    if hasattr(given, "args"):
        return (tuple(_from_type(a) for a in given.args),)
    raise ArgumentError(f"No se entiende la firma {given!r} de cuda.jit.")


def result(given: Any) -> Any:
    """El tipo que devuelve una firma, o ``None`` si no lo dice."""
    if isinstance(given, str):
        name = given.partition("(")[0].strip()
        return _part(name, given) if name and name != "void" else None
    kind = getattr(given, "return_type", None)
    return None if kind is None or str(kind) in ("none", "void") else _from_type(kind)


def _from_text(text: str) -> tuple[Any, ...]:
    inside = re.match(r"^\s*\w*\s*\((.*)\)\s*$", text, re.S)
    if inside is None:
        raise ArgumentError(
            f"No se entiende la firma «{text}»: se espera «void(float32[:], int32)»."
        )
    parts = re.split(r",(?![^\[]*\])", inside.group(1)) if inside.group(1).strip() else []
    return tuple(_part(p.strip(), text) for p in parts)


def _part(part: str, text: str) -> Any:
    found = _PART.match(part)
    dtype = T.dtype_of(found.group(1)) if found else None
    if dtype is None:
        raise ArgumentError(f"No se entiende «{part}» en la firma «{text}».")
    return T.Array(dtype, found.group(2).count(",") + 1) if found.group(2) else dtype


def _from_type(t: Any) -> Any:
    if isinstance(t, T.Array | T.Tuple):
        return t
    if hasattr(t, "ndim") and hasattr(t, "dtype"):
        return T.Array(T.dtype_of(t.dtype), int(t.ndim))
    dtype = T.dtype_of(t)
    if dtype is None:
        raise ArgumentError(f"No se entiende el tipo {t!r} en una firma de cuda.jit.")
    return dtype
