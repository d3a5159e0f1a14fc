"""Lo que devuelve una función, reducido a datos simples que viajan entre procesos."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from urdimbre.isolated.reasons import REASONS

MAX_ITEMS = 16
MAX_BITS = 64


class Answer(NamedTuple):
    """Lo que una función devolvió, ya reducido a datos simples.

    ``kind``: ``"ints"`` (``value`` es una tupla de enteros), ``"type"`` o ``"error"``
    (``value`` es un texto).
    """

    kind: str
    value: Any


def answer_of(function: Callable, args: tuple) -> Answer:
    """Llama a la función y reduce lo que devuelve, mirando el tipo exacto de cada pieza."""
    try:
        result = function(*args)
    except NotImplementedError:
        return Answer("error", "NotImplementedError")
    except (Exception, SystemExit) as error:
        filename = getattr(getattr(function, "__code__", None), "co_filename", "")
        return Answer("error", failure(error, filename))
    return plain(result)


def plain(result: Any) -> Answer:
    """Una tupla o lista de enteros, o la descripción del tipo que llegó."""
    if result is None:
        return Answer("type", "None, como toda función que no llega a un «return»")
    if type(result) not in (tuple, list):
        return Answer("type", f"un «{type(result).__name__}»")
    if len(result) > MAX_ITEMS:
        return Answer("type", f"una secuencia de {len(result)} valores")
    odd = [type(value).__name__ for value in result if not _is_int(value)]
    if odd:
        return Answer("type", f"un «{odd[0]}» entre los valores")
    values = tuple(int(value) for value in result)
    if any(value.bit_length() > MAX_BITS for value in values):
        return Answer("type", f"un entero de más de {MAX_BITS} bits")
    return Answer("ints", values)


def _is_int(value: Any) -> bool:
    return type(value) is int or isinstance(value, np.integer)


def failure(error: BaseException, filename: str) -> str:
    """La línea del texto de ``filename`` donde falló, y por qué, en español si se conoce."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == filename]
    where = f"Línea {lines[-1]}: " if lines else ""
    return f"{where}{_reason(type(error).__name__, str(error))}"[:500].rstrip(".")


def _reason(name: str, message: str) -> str:
    for kind, pattern, text in REASONS:
        found = re.search(pattern, message)
        if kind == name and found:
            return f"{text.format(*found.groups())} ({name})"
    return f"{name}: {message}"
