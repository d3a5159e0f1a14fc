"""Los oráculos de la unidad 1 contra la definición, hilo por hilo."""

import numpy as np
import pytest
from host import host

from urdimbre import reference
from urdimbre.errors import ArgumentError


def _threads(n, block):
    """Recorre la malla como lo haría la GPU: ``(bloque, hilo)`` de cada elemento."""
    pairs = []
    for b in range(n):
        for t in range(block):
            if len(pairs) < n:
                pairs.append((b, t))
    return pairs


@pytest.mark.parametrize("block", [1, 3, 32, 128])
@pytest.mark.parametrize("n", [0, 1, 31, 33, 127, 129])
def test_every_element_knows_its_thread_and_block(xp, n, block):
    out = xp.full((n,), -1, dtype=xp.int32)
    pairs = _threads(n, block)
    threads, blocks = reference.thread_ids(out, block), reference.block_ids(out, block)
    assert host(threads).tolist() == [t for _, t in pairs]
    assert host(blocks).tolist() == [b for b, _ in pairs]
    index = reference.global_index_1d(out)
    assert host(index).tolist() == [b * block + t for b, t in pairs]
    assert {str(a.dtype).rpartition(".")[2] for a in (threads, blocks, index)} == {"int32"}


@pytest.mark.parametrize("size", [1, 2, 7, 256])
@pytest.mark.parametrize("total", [0, 1, 2, 6, 7, 8, 255, 256, 257, 2**40 + 1])
def test_ceil_div_covers_and_wastes_less_than_one_piece(total, size):
    pieces = reference.ceil_div(total, size)
    assert pieces * size >= total
    assert (pieces - 1) * size < total


def test_launch_config_counts_each_axis_on_its_own():
    assert reference.launch_config(1000, 256) == (4, 256)
    assert reference.launch_config((33, 16, 1), (16, 16, 4)) == ((3, 1, 1), (16, 16, 4))
    assert reference.launch_config(0, 32) == (0, 32)


@pytest.mark.parametrize(
    ("shape", "block", "words"),
    [
        ((4, 4), 16, "mismos ejes"),
        ((4, 4), (2,), "mismos ejes"),
        ((1, 1, 1, 1), (1, 1, 1, 1), "1 a 3 ejes"),
        ((), (), "1 a 3 ejes"),
        (10, 0, "al menos 1"),
        (-1, 4, "al menos 0"),
        (10.0, 4, "debe ser un entero"),
        (10, True, "debe ser un entero"),
    ],
)
def test_launch_config_refuses_what_is_not_a_launch(shape, block, words):
    with pytest.raises(ArgumentError, match=words):
        reference.launch_config(shape, block)


def test_numpy_integers_are_integers():
    assert reference.ceil_div(np.int32(10), np.uint8(4)) == 3


def test_thread_ids_refuses_a_table():
    with pytest.raises(ArgumentError, match=r"1 dimensión.*\(2, 2\)"):
        reference.thread_ids(np.zeros((2, 2), dtype=np.int32), 2)
