"""Oráculos de la unidad 8: productos de matrices, y cuánto puede apartarse uno en float32.

Las cuentas se hacen en el tipo más ancho y el resultado se redondea una sola vez. Aquí no hay
teselas: es el producto de la biblioteca de arreglos.
"""

from __future__ import annotations

from typing import Any

from urdimbre.errors import ArgumentError
from urdimbre.reference.arguments import (
    common_dtype,
    namespace,
    require_kind,
    require_ndim,
    wide,
)

UNIT_ROUNDOFF = 2.0**-24  # lo más que un redondeo a float32 aparta un número, relativo


def matmul(a: Any, b: Any) -> Any:
    """El producto ``a @ b``.

    Args:
        a: ``(m, k)``, numérico.
        b: ``(k, n)``, numérico.

    Returns:
        ``(m, n)`` del tipo común. Con ``k = 0``, ceros; los enteros dan la vuelta al desbordarse.

    Errors:
        ArgumentError: no son 2-D, las medidas interiores no coinciden, hay booleanos, o enteros
            mezclados con reales.

    Source: BLAS nivel 3, ``gemm`` con ``alpha = 1`` y ``beta = 0``.
    """
    return _product(_checked(a, b), a, b)


def matmul_transposed_a(a: Any, b: Any) -> Any:
    """El producto de la transpuesta de ``a`` por ``b``: columnas contra columnas.

    Args:
        a: ``(k, m)``, numérico.
        b: ``(k, n)``, numérico.

    Returns:
        ``(m, n)`` del tipo común.

    Errors:
        ArgumentError: como en :func:`matmul`.

    Source: BLAS nivel 3, ``gemm`` con ``transa = 'T'``.
    """
    xp = _checked(a, b, outer=0)
    return _product(xp, _turned(xp, a), b)


def matmul_transposed_both(a: Any, b: Any) -> Any:
    """El producto de la transpuesta de ``a`` por la de ``b``.

    Args:
        a: ``(k, m)``, numérico.
        b: ``(n, k)``, numérico.

    Returns:
        ``(m, n)`` del tipo común.

    Errors:
        ArgumentError: como en :func:`matmul`.

    Source: BLAS nivel 3, ``gemm`` con ``transa = 'T'`` y ``transb = 'T'``.
    """
    xp = _checked(a, b, outer=0, inner=1)
    return _product(xp, _turned(xp, a), _turned(xp, b))


def matmul_transposed_b(a: Any, b: Any) -> Any:
    """El producto de ``a`` por la transpuesta de ``b``: filas contra filas.

    Args:
        a: ``(m, k)``, numérico.
        b: ``(n, k)``, numérico.

    Returns:
        ``(m, n)`` del tipo común.

    Errors:
        ArgumentError: como en :func:`matmul`.

    Source: BLAS nivel 3, ``gemm`` con ``transb = 'T'``.
    """
    xp = _checked(a, b, inner=1)
    return _product(xp, a, _turned(xp, b))


def dot_error_bound(a: Any, b: Any) -> Any:
    """Lo más que ``a @ b`` en float32 puede apartarse del producto exacto, elemento a elemento.

    Args:
        a: ``(m, k)``, real.
        b: ``(k, n)``, real.

    Returns:
        ``(m, n)`` en float64: ``k u / (1 - k u) * (|a| @ |b|)``, con ``u = 2**-24``. Vale para
        cualquier orden de las sumas, con FMA o sin ella, si nada se desborda ni es subnormal.

    Errors:
        ArgumentError: como en :func:`matmul`, o no son reales.

    Source: Higham, «Accuracy and Stability of Numerical Algorithms», 2.ª ed., sección 3.1.
    """
    for array, name in ((a, "a"), (b, "b")):
        require_kind(array, ("real floating",), name)
    xp = _checked(a, b)
    spent = a.shape[1] * UNIT_ROUNDOFF
    return spent / (1.0 - spent) * xp.matmul(xp.abs(wide(a)), xp.abs(wide(b)))


def _product(xp: Any, a: Any, b: Any) -> Any:
    """``a @ b`` en el tipo más ancho, redondeado una sola vez."""
    return xp.astype(xp.matmul(wide(a), wide(b)), common_dtype(a, b))


def _turned(xp: Any, array: Any) -> Any:
    return xp.permute_dims(array, (1, 0))


def _checked(a: Any, b: Any, outer: int = 1, inner: int = 0) -> Any:
    """El espacio de nombres de ``a`` y ``b``, si se pueden multiplicar."""
    xp = namespace(a, b)
    for array, name in ((a, "a"), (b, "b")):
        require_ndim(array, 2, name)
        require_kind(array, ("numeric",), name)
    if a.shape[outer] != b.shape[inner]:
        raise ArgumentError(
            f"La medida interior no coincide: «a» es {tuple(a.shape)} y «b», {tuple(b.shape)}."
        )
    return xp
