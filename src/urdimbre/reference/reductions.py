"""Oráculos de las reducciones de la unidad 6: muchos valores que se combinan en uno.

Las sumas se hacen en el tipo más ancho y se redondean una sola vez, así que no dependen del orden
en que un kernel sume.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import device

from urdimbre.errors import ArgumentError
from urdimbre.reference.arguments import (
    common_dtype,
    counted,
    namespace,
    require_kind,
    require_ndim,
    require_same_shape,
    wide,
)


def dot_onto(x: Any, y: Any, start: Any) -> Any:
    """El producto punto de dos vectores, sumado a lo que ya había.

    Args:
        x, y: ``(n,)``, numéricos y del mismo tamaño.
        start: ``(1,)``, el valor del que se parte.

    Returns:
        ``(1,)``: ``start[0] + sum(x[i] * y[i])``.

    Errors:
        ArgumentError: formas distintas, o enteros mezclados con reales.

    Source: definición.
    """
    for array, name in ((x, "x"), (y, "y"), (start, "start")):
        require_ndim(array, 1, name)
        require_kind(array, ("numeric",), name)
    require_same_shape(x, y, ("x", "y"))
    xp, dtype = namespace(x, y, start), common_dtype(x, y, start)
    return xp.astype(wide(start) + xp.sum(wide(x) * wide(y)), dtype)


def argmax_rows(x: Any) -> Any:
    """La columna donde está el mayor valor de cada fila.

    Args:
        x: ``(filas, columnas)``, real, con una columna por lo menos.

    Returns:
        ``(filas,)`` int32. Con empates, la columna menor. Los NaN no compiten; en una fila que
        solo tiene NaN, -1.

    Errors:
        ArgumentError: ``x`` no es 2-D ni real, o no tiene columnas.

    Source: definición; fuera de los NaN, la de ``argmax`` en el estándar de arreglos.
    """
    require_ndim(x, 2, "x")
    require_kind(x, ("real floating",), "x")
    if x.shape[1] == 0:
        raise ArgumentError("«x» debe tener una columna por lo menos.")
    xp, valid = namespace(x), ~namespace(x).isnan(x)
    low = xp.where(valid, x, xp.full_like(x, -float("inf")))
    top = xp.max(low, axis=1, keepdims=True)
    columns = counted(x, x.shape[1])[None, :]
    nowhere = xp.full_like(columns, x.shape[1])
    found = xp.min(xp.where(valid & (low == top), columns, nowhere), axis=1)
    return xp.astype(xp.where(found < x.shape[1], found, xp.full_like(found, -1)), xp.int32)


def tally_above(bins: Any, values: Any, limit: float, start: Any) -> Any:
    """Cuántos valores pasan de ``limit`` en cada casilla, sumados a los que ya había.

    Args:
        bins: ``(n,)`` entero, la casilla de cada valor, de 0 a ``m - 1``.
        values: ``(n,)`` real. Un NaN no pasa de ningún límite.
        limit: la cota; quien la iguala no la pasa.
        start: ``(m,)`` entero, las cuentas iniciales.

    Returns:
        ``(m,)`` del tipo de ``start``.

    Errors:
        ArgumentError: formas o tipos que no son los dichos.

    Source: definición.
    """
    for array, kind, name in ((bins, "integral", "bins"), (values, "real floating", "values"),
                              (start, "integral", "start")):  # fmt: skip
        require_ndim(array, 1, name)
        require_kind(array, (kind,), name)
    require_same_shape(bins, values, ("bins", "values"))
    xp = namespace(bins, values, start)
    each = xp.arange(start.shape[0], dtype=bins.dtype, device=device(bins))
    hits = (bins[None, :] == each[:, None]) & (values > limit)[None, :]
    return start + xp.sum(xp.astype(hits, start.dtype), axis=1, dtype=start.dtype)
