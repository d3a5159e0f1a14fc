"""Un kernel con otras constantes: las nuevas se usan y el original no cambia."""

import numpy as np
import pytest

from urdimbre.plots.smaller import smaller
from urdimbre.sim import facade as cuda

SIZE = 8


@cuda.jit
def count(out):
    tile = cuda.shared.array(SIZE, np.int32)
    tile[0] = SIZE
    out[cuda.threadIdx.x] = tile[0]


def size_of(kernel):
    out = np.zeros(1, np.int32)
    kernel[1, 1](out)
    return int(out[0])


def test_the_constants_change_and_the_original_does_not():
    assert size_of(smaller(count, SIZE=3)) == 3
    assert size_of(count) == 8


def test_a_constant_the_kernel_lacks_is_an_error():
    with pytest.raises(KeyError, match="SIDE"):
        smaller(count, SIDE=3)
