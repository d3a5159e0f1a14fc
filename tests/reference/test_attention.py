"""Los oráculos de la unidad 11 contra ciclos en float64, fila por fila."""

import math

import numpy as np
import pytest
from host import host

from urdimbre import reference
from urdimbre.errors import ArgumentError

SHAPES = [(1, 1), (1, 5), (5, 1), (7, 3), (3, 7), (33, 32)]
D = 6


def _sample(seed, *shape):
    return np.random.default_rng(seed).normal(0, 1.5, shape).astype(np.float32)


def _close(actual, expected):
    """Una vez redondeado a float32: medio ulp, más lo que se pierde al sumar en float64."""
    actual = host(actual)
    assert actual.dtype == np.float32 and actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=2.0**-23, atol=1e-12)


def _dot(a, b):
    return math.fsum(float(x) * float(y) for x, y in zip(a, b, strict=True))


def _row(query, keys, values, last):
    """La fila de la definición, con las claves 0..last, y su log de la suma."""
    visible = [j for j in range(len(keys)) if j <= last]
    if not visible:
        return [0.0] * values.shape[1], -math.inf
    scores = [_dot(query, keys[j]) / math.sqrt(len(query)) for j in visible]
    top = max(scores)
    powers = [math.exp(s - top) for s in scores]
    total = math.fsum(powers)
    out = [_dot(powers, values[visible, c]) / total for c in range(values.shape[1])]
    return out, top + math.log(total)


def _by_rows(q, k, v, causal):
    shift = len(k) - len(q) if causal else len(k)
    rows = [_row(query, k, v, i + shift) for i, query in enumerate(q)]
    return np.asarray([r[0] for r in rows], np.float64), np.asarray([r[1] for r in rows])


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_attention(xp, shape, causal):
    rows, keys = shape
    q, k, v = _sample(1, rows, D), _sample(2, keys, D), _sample(3, keys, 4)
    out, lse = reference.attention(*(xp.asarray(a) for a in (q, k, v)), causal=causal)
    wanted = _by_rows(q, k, v, causal)
    _close(out, wanted[0])
    _close(lse, wanted[1])


@pytest.mark.parametrize("shape", SHAPES)
def test_scores_and_weights(xp, shape):
    q, k = _sample(1, shape[0], D), _sample(2, shape[1], D)
    wanted = np.asarray([[_dot(a, b) / math.sqrt(D) for b in k] for a in q], np.float64)
    _close(reference.attention_scores(xp.asarray(q), xp.asarray(k)), wanted)
    weights = host(reference.attention_weights(xp.asarray(q), xp.asarray(k)))
    np.testing.assert_allclose(weights.sum(axis=1, dtype=np.float64), 1.0, rtol=1e-6)


def test_the_causal_mask_leaves_zeros_and_never_a_nan(xp):
    q, k = (xp.asarray(_sample(s, n, D)) for s, n in ((1, 4), (2, 2)))
    weights = host(reference.attention_weights(q, k, causal=True))
    assert np.count_nonzero(weights, axis=1).tolist() == [0, 0, 1, 2]
    out, lse = reference.attention(q, k, k, causal=True)
    assert not np.isnan(host(out)).any()
    assert np.isneginf(host(lse)).tolist() == [True, True, False, False]


def test_huge_scores_do_not_overflow(xp):
    q, k = np.full((2, 4), 100, np.float32), np.asarray([[100] * 4, [-100] * 4], np.float32)
    out, lse = reference.attention(*(xp.asarray(a) for a in (q, k, k)))
    assert host(out).tolist() == [[100.0] * 4] * 2
    assert host(lse).tolist() == [20_000.0] * 2


@pytest.mark.parametrize("shared", [1, 2, 6])
def test_grouped_heads(xp, shared):
    q, k, v = (_sample(s, 2, h, 5, D) for s, h in ((1, 6), (2, shared), (3, shared)))
    out, lse = reference.grouped_attention(*(xp.asarray(a) for a in (q, k, v)))
    for b in range(2):
        for h in range(6):
            kv = h // (6 // shared)
            rows, logs = _by_rows(q[b, h], k[b, kv], v[b, kv], causal=False)
            _close(out[b, h, ...], rows)
            _close(lse[b, h, ...], logs)


F = np.ones((3, 4), np.float32)
F4 = np.ones((1, 3, 2, 4), np.float32)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: reference.attention_scores(F, F[:, :2]), "no encajan"),
        (lambda: reference.attention_scores(F[0], F), "2 ejes o más"),
        (lambda: reference.attention_scores(F.astype(np.int32), F), "int32"),
        (lambda: reference.attention(F, F, F[:2]), "mismas claves"),
        (lambda: reference.grouped_attention(F, F, F), "4 ejes"),
        (lambda: reference.grouped_attention(F4, F4[:, :2], F4[:, :2]), "no se reparten"),
    ],
)
def test_wrong_arguments_say_what_is_wrong(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()
