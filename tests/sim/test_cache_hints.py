"""Lecturas y escrituras con pista de caché: el mismo valor; la pista no se simula."""

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import KernelTypeError
from urdimbre.observe import Counters
from urdimbre.sim import facade as cuda

LOADS, STORES = ("ldca", "ldcg", "ldcs", "ldlu", "ldcv"), ("stcg", "stcs", "stwb", "stwt")


def kernel(load, store):
    return sim.load_source(
        "from numba import cuda\n@cuda.jit\ndef k(a, b):\n    i = cuda.grid(1)\n"
        f"    cuda.{store}(b, (i, 1), cuda.{load}(a, i) + 1)\n"
    )["k"]


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("store", STORES)
def test_hinted_accesses(load, store):
    a, b, seen = np.arange(32, dtype=np.int32), np.zeros((32, 2), np.int32), Counters()
    with sim.observing(seen):
        kernel(load, store)[1, 32](a, b)
    np.testing.assert_array_equal(b, np.c_[0 * a, a + 1])
    assert (seen.total.global_load_requests, seen.total.global_store_requests) == (1, 1)


def test_a_hint_needs_an_array_and_one_index_per_dimension():
    with pytest.raises(KernelTypeError, match="índice"):
        kernel("ldca", "stcg")[1, 32](np.zeros((2, 2)), np.zeros((32, 2)))
    assert cuda.ldca is not None
