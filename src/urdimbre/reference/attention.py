"""Oráculos de la unidad 11: la atención, con la matriz de puntajes entera y en el tipo más ancho.

Aquí no hay teselas ni un softmax en línea: primero todos los puntajes, después los pesos y al
final los promedios. Es otra manera de llegar a lo mismo que un kernel por teselas.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

from array_api_compat import device

from urdimbre.errors import ArgumentError
from urdimbre.reference.arguments import common_dtype, counted, namespace, require_kind, wide


def attention_scores(q: Any, k: Any) -> Any:
    """Los puntajes escalados: cuánto se parece cada consulta a cada clave.

    Args:
        q: ``(..., n_q, d)``, real: las consultas.
        k: ``(..., n_k, d)``, real: las claves, con los mismos primeros ejes.

    Returns:
        ``(..., n_q, n_k)``: ``q @ k.T / sqrt(d)``, sin unidades.

    Errors:
        ArgumentError: formas que no encajan, menos de dos ejes o tipos que no son reales.

    Source: Vaswani y otros, «Attention Is All You Need», ecuación 1.
    """
    _require_pair(q, k)
    xp = namespace(q, k)
    return xp.astype(_scores(q, k), common_dtype(q, k))


def attention_weights(q: Any, k: Any, *, causal: bool = False) -> Any:
    """El softmax de los puntajes, fila por fila: cada fila suma uno, o es de ceros.

    Args:
        q, k: como en :func:`attention_scores`.
        causal: si la consulta ``i`` solo ve las claves ``j <= i + n_k - n_q``: la última
            consulta las ve todas. Una fila sin ninguna clave visible queda en ceros.

    Returns:
        ``(..., n_q, n_k)`` del tipo de los argumentos.

    Errors:
        ArgumentError: los de :func:`attention_scores`.

    Source: Vaswani y otros; la alineación de la máscara es la de FlashAttention 2.1.
    """
    _require_pair(q, k)
    xp = namespace(q, k)
    weights, _ = _softmax(_masked(_scores(q, k), causal))
    return xp.astype(weights, common_dtype(q, k))


def attention(q: Any, k: Any, v: Any, *, causal: bool = False) -> tuple[Any, Any]:
    """La atención y el logaritmo de la suma de exponenciales de cada fila.

    Args:
        q, k, causal: como en :func:`attention_weights`.
        v: ``(..., n_k, d_v)``, real: los valores.

    Returns:
        ``(out, lse)``: ``(..., n_q, d_v)`` y ``(..., n_q)``. Una fila sin claves visibles da
        ceros en ``out`` y ``-inf`` en ``lse``.

    Errors:
        ArgumentError: formas que no encajan o tipos que no son reales.

    Source: Vaswani y otros, ecuación 1; Dao y otros, «FlashAttention», para ``lse``.
    """
    _require_pair(q, k)
    xp, dtype = namespace(q, k, v), common_dtype(q, k, v)
    if tuple(v.shape[:-1]) != tuple(k.shape[:-1]):
        raise ArgumentError(
            f"«k» y «v» deben tener las mismas claves: {tuple(k.shape)} y {tuple(v.shape)}."
        )
    weights, lse = _softmax(_masked(_scores(q, k), causal))
    return xp.astype(xp.matmul(weights, wide(v)), dtype), xp.astype(lse, dtype)


def grouped_attention(q: Any, k: Any, v: Any, *, causal: bool = False) -> tuple[Any, Any]:
    """La atención con menos cabezas de claves y valores que de consultas.

    Args:
        q: ``(lotes, cabezas, n_q, d)``, real.
        k, v: ``(lotes, cabezas_kv, n_k, d)``; ``cabezas`` es múltiplo de ``cabezas_kv``, y la
            cabeza ``h`` de ``q`` usa la ``h // (cabezas // cabezas_kv)``.
        causal: como en :func:`attention_weights`.

    Returns:
        ``(out, lse)``: ``(lotes, cabezas, n_q, d)`` y ``(lotes, cabezas, n_q)``.

    Errors:
        ArgumentError: no son 4-D o las cabezas no se reparten en grupos iguales.

    Source: Ainslie y otros, «GQA».
    """
    if q.ndim != 4 or k.ndim != 4:
        raise ArgumentError(f"Se esperaban 4 ejes: {tuple(q.shape)} y {tuple(k.shape)}.")
    heads, shared = q.shape[1], k.shape[1]
    if shared == 0 or heads % shared:
        raise ArgumentError(f"{heads} cabezas no se reparten entre {shared} de claves.")
    chosen = counted(q, heads) // (heads // shared)
    xp = namespace(q, k, v)
    wider = (xp.take(array, chosen, axis=1) for array in (k, v))
    return attention(q, *wider, causal=causal)


def _require_pair(q: Any, k: Any) -> None:
    for array, name in ((q, "q"), (k, "k")):
        require_kind(array, ("real floating",), name)
        if array.ndim < 2:
            raise ArgumentError(f"«{name}» debe tener 2 ejes o más: {tuple(array.shape)}.")
    if q.shape[-1] != k.shape[-1] or tuple(q.shape[:-2]) != tuple(k.shape[:-2]):
        raise ArgumentError(f"«q» y «k» no encajan: {tuple(q.shape)} y {tuple(k.shape)}.")


def _scores(q: Any, k: Any) -> Any:
    xp = namespace(q, k)
    return xp.matmul(wide(q), xp.matrix_transpose(wide(k))) / sqrt(q.shape[-1])


def _masked(scores: Any, causal: bool) -> Any:
    """Con -inf donde la consulta no ve la clave."""
    if not causal:
        return scores
    xp, (rows, keys) = namespace(scores), scores.shape[-2:]
    last = counted(scores, rows)[:, None] + (keys - rows)
    return xp.where(counted(scores, keys)[None, :] <= last, scores, _like(scores, -xp.inf))


def _softmax(scores: Any) -> tuple[Any, Any]:
    """Los pesos y el logaritmo de la suma de exponenciales, sin NaN en las filas vacías."""
    xp = namespace(scores)
    top = xp.max(scores, axis=-1, keepdims=True)
    shift = xp.where(top == -xp.inf, _like(scores, 0.0), top)
    powers = xp.exp(scores - shift)
    total = xp.sum(powers, axis=-1, keepdims=True)
    empty = total == 0
    safe = xp.where(empty, _like(scores, 1.0), total)
    lse = xp.where(empty, _like(scores, -xp.inf), shift + xp.log(safe))
    return powers / safe, lse[..., 0]


def _like(array: Any, value: float) -> Any:
    """``value`` como arreglo sin ejes del tipo y el dispositivo de ``array``."""
    return namespace(array).asarray(value, dtype=array.dtype, device=device(array))
