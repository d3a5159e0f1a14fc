"""Oráculos de la unidad 4: un resultado que necesita los datos de los hilos vecinos.

Las cuentas se hacen en el tipo más ancho y el resultado se redondea una sola vez. Aquí no
hay teselas ni bloques que cooperen: es otra manera de llegar a lo mismo.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import device

from urdimbre.errors import ArgumentError
from urdimbre.reference.arguments import (
    common_dtype,
    counted,
    namespace,
    require_count,
    require_kind,
    require_ndim,
    wide,
)


def stencil_1d(x: Any, weights: Any) -> Any:
    """Suma pesada de cada elemento y sus vecinos; fuera del arreglo hay ceros.

    Args:
        x: ``(n,)``, numérico.
        weights: ``(2r + 1,)``: el peso del centro es ``weights[r]``, y ``weights[0]`` el del
            vecino ``x[i - r]``. Con todos los pesos en 1 es la suma de la ventana.

    Returns:
        ``(n,)``: ``sum(weights[r + d] * x[i + d])`` con ``d`` de ``-r`` a ``r``. Un peso que
        cae fuera del arreglo no participa: un NaN lejano no contamina.

    Errors:
        ArgumentError: no son 1-D, una cantidad par de pesos, o enteros mezclados con reales.

    Source: Micikevicius, «3D Finite Difference Computation on GPUs using CUDA» (caso 1-D).
    """
    xp = namespace(x, weights)
    for array, name in ((x, "x"), (weights, "weights")):
        require_ndim(array, 1, name)
        require_kind(array, ("numeric",), name)
    taps = weights.shape[0]
    if taps % 2 == 0:
        raise ArgumentError(f"La cantidad de pesos debe ser impar y es {taps}.")
    total, dtype = xp.zeros_like(wide(x)), common_dtype(x, weights)
    for k in range(taps):
        total = total + wide(weights)[k] * shifted(wide(x), k - taps // 2)
    return xp.astype(total, dtype)


def shifted(x: Any, offset: int) -> Any:
    """``x[i + offset]`` para cada ``i``, con ceros donde ese índice sale del arreglo."""
    xp, n = namespace(x), x.shape[0]
    gap = min(abs(offset), n)
    zeros = xp.zeros((gap,), dtype=x.dtype, device=device(x))
    parts = [x[gap:], zeros] if offset >= 0 else [zeros, x[: n - gap]]
    return xp.concat(parts)


def transpose(a: Any) -> Any:
    """La matriz transpuesta, contigua en memoria.

    Args:
        a: ``(filas, columnas)`` de cualquier tipo.

    Returns:
        ``(columnas, filas)``, copia nueva.

    Errors:
        ArgumentError: ``a`` no es 2-D.

    Source: Ruetsch y Micikevicius, «Optimizing Matrix Transpose in CUDA».
    """
    require_ndim(a, 2, "a")
    xp, (rows, columns) = namespace(a), a.shape
    flat = xp.reshape(xp.permute_dims(a, (1, 0)), (rows * columns,), copy=True)
    return xp.reshape(flat, (columns, rows))


def block_reverse(x: Any, block: int) -> Any:
    """Cada bloque de ``block`` elementos, al revés; el último puede quedar incompleto.

    Args:
        x: ``(n,)`` de cualquier tipo.
        block: elementos por bloque.

    Returns:
        ``(n,)``: los elementos del bloque ``b`` quedan en el bloque ``b``, en orden inverso.
        En un último bloque de ``m < block`` elementos se invierten esos ``m``.

    Errors:
        ArgumentError: ``x`` no es 1-D o ``block`` no es un entero positivo.

    Source: ejercicio clásico de memoria compartida; definición de este curso.
    """
    require_ndim(x, 1, "x")
    block = require_count(block, "block")
    xp, n, i = namespace(x), x.shape[0], counted(x, x.shape[0])
    start = (i // block) * block
    stop = xp.where(start + block < n, start + block, xp.full_like(i, n))
    return xp.take(x, start + stop - 1 - i, axis=0)


def moving_average(x: Any, radius: int) -> Any:
    """El promedio de cada elemento con sus vecinos a distancia ``radius`` o menos.

    Args:
        x: ``(n,)``, real.
        radius: vecinos a cada lado, desde 0. En los bordes la ventana se recorta: se divide
            por los elementos que sí existen.

    Returns:
        ``(n,)`` del tipo de ``x``.

    Errors:
        ArgumentError: ``x`` no es 1-D ni real, o ``radius`` no es un entero desde 0.

    Source: media móvil centrada; NIST/SEMATECH e-Handbook, 6.4.2.
    """
    require_ndim(x, 1, "x")
    require_kind(x, ("real floating",), "x")
    radius = require_count(radius, "radius", least=0)
    xp = namespace(x)
    values, present = wide(x), xp.ones_like(wide(x))
    total, count = xp.zeros_like(values), xp.zeros_like(values)
    for offset in range(-radius, radius + 1):
        total = total + shifted(values, offset)
        count = count + shifted(present, offset)
    return xp.astype(total / count, x.dtype)


def block_sums(x: Any, block: int) -> Any:
    """La suma de cada bloque de ``block`` elementos; el último puede quedar incompleto.

    Args:
        x: ``(n,)``, numérico.
        block: elementos por bloque.

    Returns:
        ``(ceil(n / block),)`` del tipo de ``x``; los enteros dan la vuelta al desbordarse.

    Errors:
        ArgumentError: ``x`` no es 1-D ni numérico, o ``block`` no es un entero positivo.

    Source: Harris, «Optimizing Parallel Reduction in CUDA».
    """
    require_ndim(x, 1, "x")
    require_kind(x, ("numeric",), "x")
    block = require_count(block, "block")
    xp, values = namespace(x), wide(x)
    missing = -x.shape[0] % block
    zeros = xp.zeros((missing,), dtype=values.dtype, device=device(x))
    rows = xp.reshape(xp.concat([values, zeros]), (-1, block)) if x.shape[0] else values[None, :]
    sums = xp.sum(rows, axis=1)
    return xp.astype(sums if x.shape[0] else sums[:0], x.dtype)
