"""Oráculos de la unidad 6: suma de prefijos, histograma y compactación.

Las cuentas se hacen en el tipo más ancho y el resultado se redondea una sola vez. Aquí no hay
bloques que cooperen ni contadores compartidos: es otra manera de llegar a lo mismo.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import device

from urdimbre.reference.arguments import (
    counted,
    namespace,
    require_count,
    require_kind,
    require_ndim,
    wide,
)


def inclusive_scan(x: Any) -> Any:
    """Suma de prefijos inclusiva: cada salida suma las entradas hasta su lugar, con la suya.

    Args:
        x: ``(n,)``, numérico.

    Returns:
        ``(n,)`` del tipo de ``x``; los enteros dan la vuelta al desbordarse.

    Errors:
        ArgumentError: ``x`` no es 1-D ni numérico.

    Source: Blelloch, «Prefix Sums and Their Applications».
    """
    require_ndim(x, 1, "x")
    require_kind(x, ("numeric",), "x")
    xp = namespace(x)
    return xp.astype(xp.cumulative_sum(wide(x)), x.dtype)


def remaining_in_block(x: Any, block: int) -> Any:
    """Lo que falta en cada bloque: la suma de los elementos que vienen después, sin el propio.

    Args:
        x: ``(n,)``, numérico.
        block: elementos por bloque; el último puede quedar incompleto.

    Returns:
        ``(n,)`` del tipo de ``x``; el último elemento de cada bloque da cero.

    Errors:
        ArgumentError: ``x`` no es 1-D ni numérico, o ``block`` no es un entero positivo.

    Source: Blelloch, «Prefix Sums and Their Applications»: la suma exclusiva, desde el final.
    """
    require_ndim(x, 1, "x")
    require_kind(x, ("numeric",), "x")
    block = require_count(block, "block")
    xp, values = namespace(x), wide(x)
    zeros = xp.zeros((-x.shape[0] % block,), dtype=values.dtype, device=device(x))
    rows = xp.reshape(xp.concat([values, zeros]), (-1, block))
    sums = xp.flip(xp.cumulative_sum(xp.flip(rows, axis=1), axis=1), axis=1)
    return xp.astype(xp.reshape(sums - rows, (-1,))[: x.shape[0]], x.dtype)


def histogram(x: Any, bins: int) -> Any:
    """Cuántas veces aparece cada entero de 0 a ``bins - 1``; los demás no se cuentan.

    Args:
        x: ``(n,)``, entero.
        bins: cantidad de casillas.

    Returns:
        int64 ``(bins,)``.

    Errors:
        ArgumentError: ``x`` no es 1-D ni entero, o ``bins`` no es un entero positivo.

    Source: definición; es la de ``numpy.bincount`` para los valores dentro del rango.
    """
    require_ndim(x, 1, "x")
    require_kind(x, ("integral",), "x")
    bins = require_count(bins, "bins")
    xp = namespace(x)
    hits = wide(x)[:, None] == xp.astype(counted(x, bins), wide(x).dtype)[None, :]
    return xp.sum(xp.astype(hits, xp.int64), axis=0)


def compact_positive(x: Any) -> tuple[Any, Any]:
    """Los elementos positivos de cada fila, juntos y en su orden.

    Args:
        x: ``(filas, n)``, real. Un NaN no es positivo.

    Returns:
        ``(filas, n)`` con los positivos al comienzo de cada fila y NaN en lo que sobra, y
        int32 ``(filas,)`` con cuántos hay en cada una.

    Errors:
        ArgumentError: ``x`` no es 2-D ni real.

    Source: Blelloch, «Prefix Sums and Their Applications», la operación *pack*.
    """
    require_ndim(x, 2, "x")
    require_kind(x, ("real floating",), "x")
    xp = namespace(x)
    keep = x > 0
    order = xp.argsort(xp.astype(~keep, xp.int8), axis=1, stable=True)
    counts = xp.sum(xp.astype(keep, xp.int32), axis=1, dtype=xp.int32)
    rows = xp.take_along_axis(x, order, axis=1)
    extra = counted(x, x.shape[1])[None, :] >= counts[:, None]
    return xp.where(extra, xp.full_like(rows, xp.nan), rows), counts
