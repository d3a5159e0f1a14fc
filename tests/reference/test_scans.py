"""Los oráculos de la suma de prefijos y sus clientes, contra ciclos elemento por elemento."""

import numpy as np
import pytest
from host import host

from urdimbre import reference
from urdimbre.errors import ArgumentError

SIZES = [0, 1, 2, 31, 33, 129]


def _sample(seed, *shape):
    return np.random.default_rng(seed).normal(0, 3, shape).astype(np.float32)


def _running(values):
    total, sums = 0.0, []
    for value in values:
        total += float(value)
        sums.append(total)
    return sums


def _close(actual, expected):
    actual = host(actual)
    assert actual.dtype == np.float32
    expected = np.asarray(expected, np.float64)
    np.testing.assert_allclose(actual, expected, rtol=2.0**-24, atol=1e-12)


@pytest.mark.parametrize("n", SIZES)
def test_inclusive_scan(xp, n):
    x = _sample(1, n)
    _close(reference.inclusive_scan(xp.asarray(x)), _running(x))


@pytest.mark.parametrize("block", [1, 2, 32, 200])
@pytest.mark.parametrize("n", SIZES)
def test_what_remains_of_each_block(xp, n, block):
    x = _sample(2, n)
    backwards = [list(_running(x[i : i + block][::-1])) for i in range(0, n, block)]
    expected = [s for part in backwards for s in [0.0, *part[:-1]][::-1]]
    _close(reference.remaining_in_block(xp.asarray(x), block), expected)


def test_integers_wrap_and_keep_their_type(xp):
    x = xp.asarray(np.asarray([2**31 - 1, 1, 1], np.int32))
    found = host(reference.inclusive_scan(x))
    assert found.dtype == np.int32 and found.tolist() == [2**31 - 1, -(2**31), -(2**31) + 1]


@pytest.mark.parametrize("n", SIZES)
def test_histogram_ignores_what_is_out_of_range(xp, n):
    x = np.random.default_rng(3).integers(-4, 12, n).astype(np.int32)
    expected = [x.tolist().count(v) for v in range(8)]
    found = host(reference.histogram(xp.asarray(x), 8))
    assert found.dtype == np.int64 and found.tolist() == expected


@pytest.mark.parametrize("shape", [(1, 1), (3, 33), (2, 129)])
def test_compaction_keeps_the_order(xp, shape):
    x = _sample(4, *shape)
    x[0, 0] = np.nan
    rows, counts = map(host, reference.compact_positive(xp.asarray(x)))
    assert counts.dtype == np.int32
    for row, found, count in zip(x.tolist(), rows, counts, strict=True):
        kept = [v for v in row if v > 0]
        assert count == len(kept) and found[:count].tolist() == kept
        assert np.isnan(found[count:]).all()


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (reference.inclusive_scan, (np.ones((2, 2), np.float32),)),
        (reference.remaining_in_block, (np.ones(4, np.float32), 0)),
        (reference.remaining_in_block, (np.ones((2, 2), np.float32), 2)),
        (reference.histogram, (np.ones(4, np.float32), 8)),
        (reference.compact_positive, (np.ones((2, 2), np.int32),)),
    ],
)
def test_bad_arguments_are_refused(function, args):
    with pytest.raises(ArgumentError):
        function(*args)
