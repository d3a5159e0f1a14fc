"""Las figuras de accesos cuentan sectores como la máquina: cuentas hechas a mano."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from urdimbre.observe import Trace
from urdimbre.plots import access


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def strided(hand, stride: int, offset: int = 0, mask=True) -> Trace:
    """Un warp que escribe ``a[offset + stride * i]`` en float32."""
    trace, lanes = Trace(), hand.lanes_of((1, 1, 1), (32, 1, 1))
    trace.begin(hand.launch((1, 1, 1), (32, 1, 1)))
    index = offset + stride * hand.thread_numbers(lanes)
    hand.store_1d(trace, hand.array("a", (4096,)), lanes, index, mask)
    return trace


# Con float32, el carril i pide el byte 4 * (offset + stride * i); un sector son 32 B:
# stride 1 -> 128 B seguidos -> 4; stride 2 -> 256 B -> 8; stride 8 -> uno por carril -> 32;
# offset 1 -> los 128 B empiezan en el byte 4 y tocan un quinto sector; stride 0 -> 1.
@pytest.mark.parametrize(
    ("stride", "offset", "count", "useful"),
    [
        (1, 0, 4, 128),
        (2, 0, 8, 128),
        (8, 0, 32, 128),
        (64, 0, 32, 128),
        (1, 1, 5, 128),
        (0, 3, 1, 4),
    ],
)
def test_sector_uses_counts_sectors_and_useful_bytes(hand, stride, offset, count, useful):
    uses = access.sector_uses(strided(hand, stride, offset).accesses[0])
    assert len(uses) == count
    assert sum(int(u.used.sum()) for u in uses) == useful


def test_sectors_are_numbered_from_the_start_of_the_array(hand):
    assert [u.number for u in access.sector_uses(strided(hand, 1).accesses[0])] == [0, 1, 2, 3]
    assert [u.number for u in access.sector_uses(strided(hand, 64).accesses[0])][:3] == [0, 8, 16]


def test_masked_lanes_do_not_count(hand):
    half = np.arange(32, dtype=np.int64).reshape(1, 1, 32) < 8
    assert len(access.sector_uses(strided(hand, 1, mask=half).accesses[0])) == 1


def test_sectors_states_the_counts_in_its_title(hand):
    fig = access.sectors([strided(hand, 1), strided(hand, 8)], "a", titles=["fila", "columna"])
    titles = [ax.get_title(loc="left") for ax in fig.axes]
    assert titles == [
        "fila\n4 sectores\n128 de 128 B",
        "columna\n32 sectores\n128 de 1024 B",
    ]


def test_sectors_of_an_idle_warp_is_an_error_that_says_so(hand):
    with pytest.raises(ValueError, match="El warp 0 del bloque 5 no toca «a»"):
        access.sectors(strided(hand, 1), "a", block=5)


def grid_stride(hand, n: int, blocks: int, threads: int) -> Trace:
    grid, block = (blocks, 1, 1), (threads, 1, 1)
    trace, lanes = Trace(), hand.lanes_of(grid, block)
    trace.begin(hand.launch(grid, block))
    i = hand.thread_numbers(lanes)
    for start in range(0, n, blocks * threads):
        hand.store_1d(trace, hand.array("a", (n,)), lanes, i + start, i + start < n)
    return trace


def test_touched_pairs_elements_with_global_threads(hand):
    record = grid_stride(hand, 20, blocks=2, threads=4).accesses[1]
    assert access.touched(record, 4) == [(8 + t, t) for t in range(8)]


def test_who_touches_draws_a_row_per_turn(hand):
    ax = access.who_touches(grid_stride(hand, 20, blocks=2, threads=4), "a").axes[0]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["vuelta 0", "vuelta 1", "vuelta 2"]
    assert [t.get_text() for t in ax.texts] == [str(i % 8) for i in range(20)]
