"""Oráculos de la unidad 3: los mismos datos, en otro orden de memoria.

Las cuentas se hacen en el tipo más ancho y el resultado se redondea una sola vez. Aquí no hay
sectores ni warps: solo qué valor va en qué lugar.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import device

from urdimbre.errors import ArgumentError
from urdimbre.reference.arguments import (
    common_dtype,
    namespace,
    require_count,
    require_kind,
    require_ndim,
    wide,
)


def copy(x: Any) -> Any:
    """Una copia de ``x``, contigua y con memoria propia.

    Args:
        x: arreglo de cualquier tipo y forma.

    Returns:
        Arreglo nuevo, con la misma forma y el mismo tipo.

    Source: McCalpin, «Memory Bandwidth and Machine Balance in Current High Performance
        Computers» (STREAM), operación *copy*.
    """
    return namespace(x).asarray(x, copy=True)


def structure_of_arrays(records: Any) -> Any:
    """De un arreglo de estructuras a una estructura de arreglos.

    Args:
        records: ``(n, campos)`` de cualquier tipo: una fila por registro.

    Returns:
        ``(campos, n)``, copia contigua: una fila por campo.

    Errors:
        ArgumentError: ``records`` no es 2-D.

    Source: Hwu, Kirk y El Hajj, «Programming Massively Parallel Processors».
    """
    require_ndim(records, 2, "records")
    xp, (n, fields) = namespace(records), records.shape
    flat = xp.reshape(xp.permute_dims(records, (1, 0)), (n * fields,), copy=True)
    return xp.reshape(flat, (fields, n))


def row_partial_sums(a: Any, lanes: int = 32) -> Any:
    """Las sumas parciales de cada fila: la ``l`` reúne las columnas ``l``, ``l + lanes``, …

    Args:
        a: ``(filas, columnas)``, numérico.
        lanes: sumas parciales por fila.

    Returns:
        ``(filas, lanes)`` del tipo de ``a``; una suma sin columnas vale cero. Sumadas por filas
        dan las sumas de las filas de ``a``.

    Errors:
        ArgumentError: ``a`` no es 2-D ni numérico, o ``lanes`` no es un entero positivo.

    Source: Harris, «Optimizing Parallel Reduction in CUDA», primera etapa.
    """
    require_ndim(a, 2, "a")
    require_kind(a, ("numeric",), "a")
    lanes = require_count(lanes, "lanes")
    xp, values, (rows, columns) = namespace(a), wide(a), a.shape
    missing = (-columns % lanes) if columns else lanes
    zeros = xp.zeros((rows, missing), dtype=values.dtype, device=device(a))
    turns = (columns + missing) // lanes
    folded = xp.reshape(xp.concat([values, zeros], axis=1), (rows, turns, lanes))
    return xp.astype(xp.sum(folded, axis=1), a.dtype)


def scale_rows(a: Any, gain: Any) -> Any:
    """Cada fila de una matriz, por su factor.

    Args:
        a: ``(filas, columnas)``, numérico.
        gain: ``(filas,)``, de la misma clase de números.

    Returns:
        ``(filas, columnas)``: ``gain[f] * a[f, c]``.

    Errors:
        ArgumentError: formas que no corresponden, o enteros mezclados con reales.

    Source: producto por la izquierda con una matriz diagonal.
    """
    xp = namespace(a, gain)
    require_ndim(a, 2, "a")
    require_ndim(gain, 1, "gain")
    for array, name in ((a, "a"), (gain, "gain")):
        require_kind(array, ("numeric",), name)
    if gain.shape[0] != a.shape[0]:
        raise ArgumentError(f"«gain» tiene {gain.shape[0]} factores y «a», {a.shape[0]} filas.")
    return xp.astype(wide(gain)[:, None] * wide(a), common_dtype(a, gain))
