"""Oráculos de la unidad 1: quién es cada hilo y cuántos bloques hacen falta."""

from __future__ import annotations

from typing import Any

from urdimbre.errors import ArgumentError
from urdimbre.reference.arguments import counted, namespace, require_count, require_ndim


def ceil_div(total: int, size: int) -> int:
    """Cuántos trozos de ``size`` cubren ``total``: la división entera hacia arriba.

    Args:
        total: elementos, desde 0.
        size: elementos por trozo, desde 1.

    Errors:
        ArgumentError: no son enteros o están fuera de rango.

    Source: CUDA C++ Programming Guide, «Thread Hierarchy».
    """
    total = require_count(total, "total", least=0)
    return -(-total // require_count(size, "size"))


def launch_config(shape: int | tuple[int, ...], block: int | tuple[int, ...]) -> tuple[Any, Any]:
    """``(malla, bloque)`` con los bloques justos para que cada elemento tenga su hilo.

    Args:
        shape: elementos por eje: un entero, o una tupla de 1 a 3 ejes, en el orden x, y, z.
        block: hilos por bloque, con la misma forma que ``shape``.

    Returns:
        La malla (entero o tupla, como ``shape``) y el mismo ``block``. Un eje con 0 elementos
        da 0 bloques: no hay nada que lanzar, y CUDA rechaza una malla vacía.

    Errors:
        ArgumentError: ejes distintos, más de tres ejes, o números que no son enteros válidos.

    Source: CUDA C++ Programming Guide, «Thread Hierarchy».
    """
    if not isinstance(shape, tuple) and not isinstance(block, tuple):
        return ceil_div(shape, block), block
    if not isinstance(shape, tuple) or not isinstance(block, tuple) or len(shape) != len(block):
        raise ArgumentError(f"«shape» y «block» deben tener los mismos ejes: {shape} y {block}.")
    if not 1 <= len(shape) <= 3:
        raise ArgumentError(f"Una malla tiene de 1 a 3 ejes y «shape» tiene {len(shape)}.")
    return tuple(ceil_div(n, b) for n, b in zip(shape, block, strict=True)), block


def thread_ids(out: Any, block: int) -> Any:
    """``threadIdx.x`` del hilo que atiende cada elemento, en una malla 1-D.

    Args:
        out: arreglo ``(n,)``; solo se miran su largo, su tipo y su biblioteca.
        block: hilos por bloque.

    Returns:
        Arreglo nuevo ``(n,)`` del tipo de ``out``: ``i % block``.

    Errors:
        ArgumentError: ``out`` no es 1-D o ``block`` no es un entero positivo.

    Source: CUDA C++ Programming Guide, «Thread Hierarchy».
    """
    return _per_element(out, lambda i: i % require_count(block, "block"))


def block_ids(out: Any, block: int) -> Any:
    """``blockIdx.x`` del hilo que atiende cada elemento: ``i // block``.

    Argumentos, errores y fuente, como en :func:`thread_ids`.
    """
    return _per_element(out, lambda i: i // require_count(block, "block"))


def global_index_1d(out: Any) -> Any:
    """El índice global ``blockIdx.x * blockDim.x + threadIdx.x`` de cada elemento: ``0..n-1``.

    No depende del tamaño del bloque: es lo que hace útil al índice global.
    Argumentos, errores y fuente, como en :func:`thread_ids`.
    """
    return _per_element(out, lambda i: i)


def _per_element(out: Any, rule: Any) -> Any:
    require_ndim(out, 1, "out")
    xp = namespace(out)
    return xp.astype(rule(counted(out, out.shape[0])), out.dtype)
