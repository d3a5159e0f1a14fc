"""Los oráculos de la unidad 10 contra cuentas en float64, fila por fila y con ``math``."""

import math

import numpy as np
import pytest
from host import host

from urdimbre import reference
from urdimbre.errors import ArgumentError

SHAPES = [(1, 1), (2, 7), (5, 33), (3, 128)]
U = 2.0**-24


def _values(rows, columns, scale=3.0):
    return np.random.default_rng(10).normal(0.5, scale, (rows, columns)).astype(np.float32)


def _vector(columns, seed):
    return np.random.default_rng(seed).normal(1, 0.5, columns).astype(np.float32)


def _close(actual, expected, atol=1e-30):
    """Una vez redondeado a float32: medio ulp, más lo que se pierde en float64."""
    actual, expected = host(actual), np.asarray(expected, np.float64)
    assert actual.dtype == np.float32 and actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=U + 2.0**-40, atol=atol)


def _softmax(row):
    top = max(row)
    parts = [math.exp(v - top) for v in row]
    return [p / math.fsum(parts) for p in parts]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("shift", [0.0, 1e4, -1e4])
def test_softmax(xp, shape, shift):
    x = _values(*shape) + np.float32(shift)
    _close(reference.softmax_rows(xp.asarray(x)), [_softmax(row) for row in x.tolist()])


def test_masked_entries_weigh_nothing_and_a_masked_row_gives_zeros(xp):
    x = np.asarray([[1.0, -np.inf, 1.0], [-np.inf] * 3, [-1e4, -np.inf, -np.inf]], np.float32)
    got = host(reference.softmax_rows(xp.asarray(x)))
    assert got.tolist() == [[0.5, 0.0, 0.5], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("offset", [0.0, 1000.0])
def test_layernorm(xp, shape, offset):
    x = _values(*shape) + np.float32(offset)
    gain, bias = _vector(shape[1], 1), _vector(shape[1], 2)
    got = reference.layernorm(xp.asarray(x), xp.asarray(gain), xp.asarray(bias), 1e-5)
    rows = []
    for row in x.tolist():
        mean = math.fsum(row) / len(row)
        deviation = math.sqrt(math.fsum((v - mean) ** 2 for v in row) / len(row) + 1e-5)
        each = zip(row, gain.tolist(), bias.tolist(), strict=True)
        rows.append([(v - mean) / deviation * g + b for v, g, b in each])
    _close(got, rows, atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
def test_rmsnorm(xp, shape):
    x, gain = _values(*shape), _vector(shape[1], 3)
    rows = []
    for row in x.tolist():
        root = math.sqrt(math.fsum(v * v for v in row) / len(row) + 1e-6)
        rows.append([v / root * g for v, g in zip(row, gain.tolist(), strict=True)])
    _close(reference.rmsnorm(xp.asarray(x), xp.asarray(gain), 1e-6), rows)


def test_a_row_of_zeros_stays_at_zero(xp):
    zeros, ones = xp.asarray(np.zeros((2, 4), np.float32)), xp.asarray(np.ones(4, np.float32))
    assert host(reference.rmsnorm(zeros, ones, 1e-6)).tolist() == [[0.0] * 4] * 2


@pytest.mark.parametrize("shape", SHAPES)
def test_bias_gelu(xp, shape):
    x, bias = _values(*shape), _vector(shape[1], 4)
    sums = x.astype(np.float64) + bias.astype(np.float64)
    expected = [[v * 0.5 * math.erfc(-v / math.sqrt(2)) for v in row] for row in sums.tolist()]
    _close(reference.bias_gelu(xp.asarray(x), xp.asarray(bias)), expected)


def test_gelu_at_known_points(xp):
    # En 0 vale 0; muy a la derecha es la identidad, y muy a la izquierda se apaga.
    x = np.asarray([[0.0, 20.0, -40.0]], np.float32)
    got = host(reference.bias_gelu(xp.asarray(x), xp.asarray(np.zeros(3, np.float32))))
    assert got[0, :2].tolist() == [0.0, 20.0] and abs(got[0, 2]) < 1e-37


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("shift", [0.0, 1e4])
def test_cross_entropy(xp, shape, shift):
    x = _values(*shape) + np.float32(shift)
    labels = (np.arange(shape[0], dtype=np.int32) * 5) % shape[1]
    expected = [-math.log(_softmax(r)[k]) for r, k in zip(x.tolist(), labels.tolist(), strict=True)]
    # Restar dos números cercanos a 1e4 en float64 deja un error de 1e4 · 2^-52.
    got = reference.cross_entropy(xp.asarray(x), xp.asarray(labels))
    _close(got, expected, atol=1e-11)


def test_labels_that_do_not_count_and_labels_that_do_not_exist(xp):
    x = np.zeros((4, 2), np.float32)
    labels = np.asarray([-100, -1, 2, 1], np.int32)
    got = host(reference.cross_entropy(xp.asarray(x), xp.asarray(labels)))
    assert got[0] == 0.0 and np.isposinf(got[1:3]).all()
    assert got[3] == np.float32(math.log(2))


F32 = np.ones((2, 3), np.float32)
THREE = np.ones(3, np.float32)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: reference.softmax_rows(F32[0]), "2 dimensiones"),
        (lambda: reference.softmax_rows(F32[:, :0]), "una columna por lo menos"),
        (lambda: reference.softmax_rows(F32.astype(np.int32)), "int32"),
        (lambda: reference.layernorm(F32, THREE[:2], THREE, 1e-5), "«gain» debe tener 3"),
        (lambda: reference.layernorm(F32, THREE, THREE[:1], 1e-5), "«bias» debe tener 3"),
        (lambda: reference.rmsnorm(F32, THREE, 0.0), "«eps» debe ser positivo"),
        (lambda: reference.bias_gelu(F32, F32), "1 dimensión"),
        (lambda: reference.cross_entropy(F32, np.zeros(3, np.int32)), "2 filas y 3 etiquetas"),
        (lambda: reference.cross_entropy(F32, THREE[:2]), "labels"),
    ],
)
def test_wrong_arguments_say_what_is_wrong(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()
