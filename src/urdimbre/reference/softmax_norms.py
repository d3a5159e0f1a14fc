"""Oráculos de la unidad 10: softmax, normas, GELU y entropía cruzada, fila por fila.

Las cuentas se hacen en el tipo más ancho y el resultado se redondea una sola vez. Las normas usan
la definición de dos pasos: primero la media, después las distancias a ella.
"""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import device

from urdimbre.errors import ArgumentError
from urdimbre.reference.arguments import (
    common_dtype,
    counted,
    namespace,
    require_kind,
    require_ndim,
    wide,
)

IGNORE = -100  # la etiqueta que no cuenta, la misma que usa PyTorch


def softmax_rows(x: Any) -> Any:
    """El softmax de cada fila.

    Args:
        x: ``(filas, columnas)``, real, con una columna por lo menos. Menos infinito es una entrada
            enmascarada: su peso es cero.

    Returns:
        ``(filas, columnas)`` del tipo de ``x``. Una fila enmascarada entera da ceros.

    Errors:
        ArgumentError: ``x`` no es 2-D ni real, o no tiene columnas.

    Source: Milakov y Gimelshein, «Online normalizer calculation for softmax», sección 2.
    """
    xp, values = _rows(x)
    weights = xp.exp(values - _finite_max(values))
    total = xp.sum(weights, axis=1, keepdims=True)
    return xp.astype(weights / xp.where(total > 0, total, xp.ones_like(total)), x.dtype)


def layernorm(x: Any, gain: Any, bias: Any, eps: float) -> Any:
    """La norma de capa: cada fila con media 0 y varianza 1, y después escalada y corrida.

    Args:
        x: ``(filas, columnas)``, real, con una columna por lo menos.
        gain, bias: ``(columnas,)``, reales.
        eps: lo que se suma a la varianza, positivo.

    Returns:
        ``(filas, columnas)``: ``(x - media) / sqrt(varianza + eps) * gain + bias``. La varianza
        divide entre la cantidad de columnas.

    Errors:
        ArgumentError: formas o tipos que no son los dichos, o ``eps`` no es positivo.

    Source: Ba, Kiros y Hinton, «Layer Normalization», ecuaciones 3 y 4.
    """
    xp, values = _rows(x)
    for array, name in ((gain, "gain"), (bias, "bias")):
        _require_columns(array, x.shape[1], name)
    away = values - xp.mean(values, axis=1, keepdims=True)
    variance = xp.mean(away * away, axis=1, keepdims=True)
    scaled = away / xp.sqrt(variance + _positive(eps)) * wide(gain) + wide(bias)
    return xp.astype(scaled, common_dtype(x, gain, bias))


def rmsnorm(x: Any, gain: Any, eps: float) -> Any:
    """La norma por la raíz del promedio de los cuadrados.

    Args:
        x: ``(filas, columnas)``, real, con una columna por lo menos.
        gain: ``(columnas,)``, real.
        eps: lo que se suma al promedio, positivo.

    Returns:
        ``(filas, columnas)``: ``x / sqrt(mean(x**2) + eps) * gain``.

    Errors:
        ArgumentError: formas o tipos que no son los dichos, o ``eps`` no es positivo.

    Source: Zhang y Sennrich, «Root Mean Square Layer Normalization», ecuación 4.
    """
    xp, values = _rows(x)
    _require_columns(gain, x.shape[1], "gain")
    squares = xp.mean(values * values, axis=1, keepdims=True)
    return xp.astype(values / xp.sqrt(squares + _positive(eps)) * wide(gain), common_dtype(x, gain))


def bias_gelu(x: Any, bias: Any) -> Any:
    """GELU de cada elemento más el sesgo de su columna, en su forma exacta.

    Args:
        x: ``(filas, columnas)``, real.
        bias: ``(columnas,)``, real.

    Returns:
        ``(filas, columnas)``: ``v / 2 * (1 + erf(v / sqrt(2)))`` con ``v = x + bias``.

    Errors:
        ArgumentError: formas o tipos que no son los dichos.

    Source: Hendrycks y Gimpel, «Gaussian Error Linear Units», sección 2.
    """
    xp, values = _rows(x)
    _require_columns(bias, x.shape[1], "bias")
    shifted = values + wide(bias)
    return xp.astype(shifted * _normal_below(xp, shifted), common_dtype(x, bias))


def cross_entropy(logits: Any, labels: Any) -> Any:
    """La entropía cruzada de cada fila con su etiqueta.

    Args:
        logits: ``(filas, clases)``, real, con alguna entrada finita por fila.
        labels: ``(filas,)``, entero: la clase correcta de cada fila.

    Returns:
        ``(filas,)`` del tipo de ``logits``: ``log(sum(exp(logits))) - logits[label]``. Con la
        etiqueta ``IGNORE``, 0; con otra que no es una clase, infinito: su probabilidad es cero.

    Errors:
        ArgumentError: formas o tipos que no son los dichos.

    Source: definición; la etiqueta que se ignora es la de PyTorch.
    """
    xp, values = _rows(logits)
    require_ndim(labels, 1, "labels")
    require_kind(labels, ("integral",), "labels")
    if labels.shape[0] != logits.shape[0]:
        raise ArgumentError(f"Hay {logits.shape[0]} filas y {labels.shape[0]} etiquetas.")
    top = _finite_max(values)
    total = xp.log(xp.sum(xp.exp(values - top), axis=1)) + top[:, 0]
    hit = counted(logits, logits.shape[1])[None, :] == xp.astype(labels, xp.int64)[:, None]
    chosen = xp.sum(xp.where(hit, values, xp.zeros_like(values)), axis=1)
    known = xp.any(hit, axis=1)
    loss = xp.where(known, total - chosen, xp.full_like(total, math.inf))
    return xp.astype(xp.where(labels == IGNORE, xp.zeros_like(loss), loss), logits.dtype)


def _rows(x: Any) -> tuple[Any, Any]:
    """El espacio de nombres de ``x`` y sus valores en el tipo ancho, si es una matriz real."""
    require_ndim(x, 2, "x")
    require_kind(x, ("real floating",), "x")
    if x.shape[1] == 0:
        raise ArgumentError("La matriz debe tener una columna por lo menos.")
    return namespace(x), wide(x)


def _finite_max(values: Any) -> Any:
    """El mayor de cada fila, ``(filas, 1)``; cero donde todo es menos infinito."""
    xp = namespace(values)
    top = xp.max(values, axis=1, keepdims=True)
    return xp.where(top == -math.inf, xp.zeros_like(top), top)


def _require_columns(array: Any, columns: int, name: str) -> None:
    require_ndim(array, 1, name)
    require_kind(array, ("real floating",), name)
    if array.shape[0] != columns:
        raise ArgumentError(f"«{name}» debe tener {columns} elementos y tiene {array.shape[0]}.")


def _positive(eps: float) -> float:
    if not eps > 0:
        raise ArgumentError(f"«eps» debe ser positivo y es {eps}.")
    return float(eps)


def _normal_below(xp: Any, values: Any) -> Any:
    """La probabilidad de que una normal quede por debajo de cada valor: el estándar no trae erf."""
    flat = xp.reshape(values, (-1,))
    below = [0.5 * math.erfc(-float(flat[i]) / math.sqrt(2.0)) for i in range(flat.shape[0])]
    found = xp.asarray(below, dtype=values.dtype, device=device(values))
    return xp.reshape(found, values.shape)
