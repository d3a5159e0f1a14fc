"""Oráculos de la unidad 2: un resultado por elemento, sin que los hilos cooperen.

Las cuentas se hacen en el tipo más ancho (float64 para los reales) y el resultado se redondea
una sola vez al tipo de los argumentos. NaN, infinitos y arreglos vacíos, como en NumPy.
"""

from __future__ import annotations

from typing import Any

from urdimbre.errors import ArgumentError
from urdimbre.reference.arguments import (
    common_dtype,
    namespace,
    require_kind,
    require_ndim,
    require_same_shape,
    wide,
)


def vector_add(a: Any, b: Any) -> Any:
    """Suma elemento a elemento.

    Args:
        a, b: arreglos numéricos de la misma forma, cualquier número de ejes.

    Returns:
        ``a + b``, con la misma forma. Los enteros dan la vuelta al desbordarse.

    Errors:
        ArgumentError: formas distintas, booleanos, o enteros mezclados con reales.

    Source: BLAS nivel 1, ``axpy`` con factor 1.
    """
    xp = namespace(a, b)
    require_same_shape(a, b, ("a", "b"))
    require_kind(a, ("numeric",), "a")
    return xp.astype(wide(a) + wide(b), common_dtype(a, b))


def saxpy(alpha: float, x: Any, y: Any) -> Any:
    """``alpha * x + y``.

    Args:
        alpha: número real, o arreglo sin ejes.
        x, y: arreglos reales de la misma forma.

    Returns:
        Arreglo nuevo con la forma de ``x``. Con float32, un kernel que use FMA y otro que no
        pueden diferir de este en el último bit.

    Errors:
        ArgumentError: formas distintas o tipos que no son reales.

    Source: BLAS nivel 1, ``saxpy``.
    """
    xp = namespace(x, y)
    require_same_shape(x, y, ("x", "y"))
    for array, name in ((x, "x"), (y, "y")):
        require_kind(array, ("real floating",), name)
    return xp.astype(float(alpha) * wide(x) + wide(y), common_dtype(x, y))


def image_invert(image: Any) -> Any:
    """El negativo de una imagen: ``255 - píxel`` en uint8, ``1 - píxel`` en reales.

    Args:
        image: ``(alto, ancho)`` o ``(alto, ancho, canales)``; uint8 de 0 a 255, o reales
            donde 0 es negro y 1 es blanco (fuera de ese rango no se recorta).

    Returns:
        Imagen nueva con la misma forma y el mismo tipo.

    Errors:
        ArgumentError: otro número de ejes u otro tipo.

    Source: Gonzalez y Woods, «Digital Image Processing», transformación de negativo.
    """
    xp = namespace(image)
    if image.ndim not in (2, 3):
        raise ArgumentError(f"Una imagen tiene 2 o 3 ejes y su forma es {tuple(image.shape)}.")
    if image.dtype == xp.uint8:
        return 255 - image
    require_kind(image, ("real floating",), "image")
    return xp.astype(1.0 - wide(image), image.dtype)


def clamp(x: Any, low: float, high: float) -> Any:
    """Cada elemento, llevado al intervalo ``[low, high]``.

    Args:
        x: arreglo real o entero de cualquier forma.
        low, high: números, ``low <= high``.

    Returns:
        Arreglo nuevo, misma forma y tipo. NaN queda NaN, como en ``numpy.clip``; ojo: en un
        kernel, ``min(max(x, low), high)`` descarta NaN y da ``low``.

    Errors:
        ArgumentError: ``low > high`` o alguno es NaN; ``x`` no es real ni entero; límites no
        enteros para un arreglo de enteros.

    Source: función ``clamp`` de GLSL; ``numpy.clip``.
    """
    xp = namespace(x)
    require_kind(x, ("integral", "real floating"), "x")
    if not low <= high:
        raise ArgumentError(f"«low» no puede pasar de «high»: {low} y {high}.")
    values = wide(x)
    low, high = (_limit(xp, values, v) for v in (low, high))
    inside = xp.where(values < low, low, xp.where(values > high, high, values))
    return xp.astype(inside, x.dtype)


def _limit(xp: Any, values: Any, limit: float) -> Any:
    """El límite como arreglo sin ejes del mismo tipo que ``values``."""
    if xp.isdtype(values.dtype, "integral") and limit != int(limit):
        raise ArgumentError(f"Para enteros, los límites deben ser enteros: {limit}.")
    kind = int if xp.isdtype(values.dtype, "integral") else float
    return xp.full_like(values, kind(limit))


def outer_product(x: Any, y: Any) -> Any:
    """El producto exterior: una tabla de multiplicar de dos vectores.

    Args:
        x: ``(n,)``.
        y: ``(m,)``.

    Returns:
        ``(n, m)``: en la fila ``i`` y la columna ``j``, ``x[i] * y[j]``.

    Errors:
        ArgumentError: no son 1-D, son booleanos, o mezclan enteros con reales.

    Source: BLAS nivel 2, ``ger`` sobre una matriz de ceros.
    """
    xp = namespace(x, y)
    for array, name in ((x, "x"), (y, "y")):
        require_ndim(array, 1, name)
        require_kind(array, ("numeric",), name)
    return xp.astype(wide(x)[:, None] * wide(y)[None, :], common_dtype(x, y))


def differences(x: Any) -> Any:
    """Lo que cambia cada elemento respecto del anterior.

    Args:
        x: ``(n,)``, numérico, con ``n`` desde 1.

    Returns:
        ``(n - 1,)`` del tipo de ``x``: ``x[i + 1] - x[i]``.

    Errors:
        ArgumentError: ``x`` no es 1-D, no es numérico o está vacío.

    Source: ``numpy.diff``.
    """
    require_ndim(x, 1, "x")
    require_kind(x, ("numeric",), "x")
    if x.shape[0] == 0:
        raise ArgumentError("Un arreglo vacío no tiene diferencias.")
    xp, values = namespace(x), wide(x)
    return xp.astype(values[1:] - values[:-1], x.dtype)


def projectile_height(t: Any) -> Any:
    """La altura de un proyectil: ``2.5 + 14.7 t - 4.9 t²``, en metros.

    Args:
        t: segundos, arreglo real de cualquier forma.

    Returns:
        Arreglo nuevo, misma forma y tipo.

    Errors:
        ArgumentError: ``t`` no es real.

    Source: tiro vertical con aceleración de 9,8 m/s².
    """
    require_kind(t, ("real floating",), "t")
    xp, values = namespace(t), wide(t)
    return xp.astype(2.5 + 14.7 * values - 4.9 * values * values, t.dtype)
