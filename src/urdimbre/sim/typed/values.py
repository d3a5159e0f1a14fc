"""Valores de los carriles: conversiones y máscaras.

Un valor es un escalar de NumPy (igual en todos los carriles) o un arreglo que se puede difundir a
``(B, W, 32)``. Una máscara es ``True`` (todos), ``False`` (ninguno) o un arreglo de bool así.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from urdimbre.sim.typed import types as T
from urdimbre.sim.typed.ops import clamp_to_integer


@cache
def convert(source: np.dtype, to: np.dtype) -> Callable[[Any], Any]:
    """Función que convierte valores de ``source`` a ``to`` como lo hace PTX."""
    if source.kind == "f" and to.kind in "iu":
        return lambda x: clamp_to_integer(x, to)
    if to == T.BOOL:
        return lambda x: x != source.type(0)
    return lambda x: x.astype(to)


def either(a: Any, b: Any) -> Any:
    """Carriles en ``a`` o en ``b``."""
    if a is False or b is True or a is b:
        return b
    if b is False or a is True:
        return a
    return a | b


def split(mask: Any, test: Any) -> tuple[Any, Any]:
    """Reparte ``mask`` entre quienes cumplen ``test`` y quienes no.

    Devuelve el mismo objeto ``mask`` si todos van por un lado: así «no cambió nada» se sabe sin
    mirar los datos.
    """
    if not isinstance(test, np.ndarray):
        return (mask, False) if test else (False, mask)
    yes = test if mask is True else mask & test
    if not yes.any():
        return False, mask
    no = ~test if mask is True else mask & ~test
    return (yes, no) if no.any() else (mask, False)
