"""Lo que devuelve una función, reducido a datos simples que viajan entre procesos."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

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
        return Answer("error", f"{type(error).__name__}: {error}"[:500])
    return plain(result)


def plain(result: Any) -> Answer:
    """Una tupla o lista de enteros, o la descripción del tipo que llegó."""
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
