"""Las figuras de la suma de prefijos dicen lo que el kernel escribió."""

from __future__ import annotations

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import ArgumentError
from urdimbre.observe import record
from urdimbre.plots import contention, scan

SOURCE = """
import numpy as np
from numba import cuda

B = 8


@cuda.jit
def doubling(x, out):
    tile = cuda.shared.array((2, B), np.float32)
    t = cuda.threadIdx.x
    now, step = 0, 1
    tile[now, t] = x[t]
    cuda.syncthreads()
    while step < B:
        value = tile[now, t]
        if t >= step:
            value += tile[now, t - step]
        tile[1 - now, t] = value
        cuda.syncthreads()
        now = 1 - now
        step *= 2
    out[t] = tile[now, t]


@cuda.jit
def pair(x, out):
    tile = cuda.shared.array(B, np.float32)
    t = cuda.threadIdx.x
    tile[t] = x[t]
    tile[t + 4] = x[t + 4]
    cuda.syncthreads()
    if t == 0:
        before = tile[7]
        tile[7] = tile[3]
        tile[3] = before
    cuda.syncthreads()
    out[t] = tile[t]


@cuda.jit
def strided(x, out):
    tile = cuda.shared.array(64, np.float32)
    t = cuda.threadIdx.x
    tile[t] = x[t]
    tile[t + 32] = x[t]
    cuda.syncthreads()
    out[t] = tile[2 * t]


@cuda.jit
def tally(x, counts):
    i = cuda.grid(1)
    if i < x.size:
        cuda.atomic.add(counts, x[i], 1)


@cuda.jit
def tally_shared(x, counts):
    local = cuda.shared.array(4, np.int32)
    t = cuda.threadIdx.x
    if t < 4:
        local[t] = 0
    cuda.syncthreads()
    cuda.atomic.add(local, x[cuda.grid(1)], 1)
    cuda.syncthreads()
    if t < 4:
        counts[t] = local[t]


@cuda.jit
def odd_places(x, out):
    i = cuda.grid(1)
    value = x[i]
    if i % 2 == 1:
        out[i // 2] = value
"""
KERNELS = sim.load_source(SOURCE)


def texts(fig):
    return [t.get_text() for ax in fig.axes for t in ax.texts]


def test_doubling_is_followed_step_by_step():
    phases = scan.follow(KERNELS["doubling"], threads=8, n=8, array="tile")
    labels = [[scan.label(v) for v in phase.values] for phase in phases]
    assert labels[0] == list("01234567")
    assert labels[1] == ["0", "0–1", "1–2", "2–3", "3–4", "4–5", "5–6", "6–7"]
    assert labels[3] == ["0", *(f"0–{k}" for k in range(1, 8))]
    assert (2, 4) in phases[2].links and (4, 4) in phases[2].links
    assert (2, 4) not in phases[1].links and len(phases[1].links) == 8 + 7


def test_a_swap_links_each_cell_to_where_its_value_came_from():
    phases = scan.follow(KERNELS["pair"], threads=4, n=8, array="tile")
    assert phases[1].links == {(7, 3), (3, 7)}
    assert phases[1].written == {3, 7}


@pytest.mark.parametrize(
    ("value", "text"), [(np.nan, "?"), (0.0, "∅"), (8.0, "3"), (7.0, "0–2"), (5.0, "·")]
)
def test_a_label_reads_the_bits_of_the_sum(value, text):
    assert scan.label(value) == text


def test_the_network_draws_only_what_is_asked():
    phases = scan.follow(KERNELS["doubling"], threads=8, n=8, array="tile")
    names = ["carga", "1", "2", "4"]
    whole, half = scan.network(phases, names), scan.network(phases, names, upto=2)
    assert texts(whole).count("0–7") == 1 and "0–7" not in texts(half)
    assert tuple(whole.get_size_inches()) == tuple(half.get_size_inches())
    with pytest.raises(ArgumentError, match="4 tramos y 1"):
        scan.network(phases, ["uno"])


def test_what_cannot_be_followed_says_why():
    with pytest.raises(ArgumentError, match="no escribe «otra»"):
        scan.follow(KERNELS["doubling"], threads=8, n=8, array="otra")
    with pytest.raises(ArgumentError, match="24"):
        scan.follow(KERNELS["doubling"], threads=8, n=25, array="tile")


def test_turns_are_counted_phase_by_phase():
    x = np.ones(32, np.float32)
    trace = record(KERNELS["strided"][1, 32], x, np.zeros_like(x))
    # Dos escrituras de un turno; una lectura con paso 2: dos palabras por banco.
    assert scan.phase_turns(trace, "tile") == [2, 2]
    fig = scan.turns_per_phase({"una": trace, "otra": trace}, "tile")
    heights = sorted(bar.get_height() for bar in fig.axes[0].patches)
    assert heights == [2, 2, 2, 2]
    with pytest.raises(ArgumentError, match="no toca"):
        scan.phase_turns(trace, "otra")


def test_stages_draws_a_panel_per_array():
    fig = scan.stages({"a": np.arange(1, 9), "b": np.ones(2)}, block=4)
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["a", "b"]
    assert fig.axes[0].get_xlim() == (0, 8)


def counted(kernel, x, blocks, threads):
    return record(KERNELS[kernel][blocks, threads], x, np.zeros(4, np.int32))


def test_pressure_of_equal_and_of_different_addresses():
    same, apart = np.zeros(64, np.int32), (np.arange(64) % 4).astype(np.int32)
    one = contention.pressure(counted("tally", same, 2, 32), "global")
    assert (one.lanes, one.requests, one.passes, one.busiest) == (64, 2, 64, 64)
    assert one.passes_per_request == 32
    four = contention.pressure(counted("tally", apart, 2, 32), "global")
    assert (four.lanes, four.requests, four.passes, four.busiest) == (64, 2, 16, 16)
    none = contention.pressure(counted("tally", apart, 2, 32), "shared")
    assert (none.lanes, none.passes_per_request, none.busiest) == (0, 0.0, 0)


def test_each_block_has_its_own_shared_address():
    same = np.zeros(64, np.int32)
    found = contention.pressure(counted("tally_shared", same, 2, 32), "shared")
    assert (found.lanes, found.busiest) == (64, 32)


def test_updates_per_bin_and_their_bars():
    x = np.array([0, 0, 3, 1], np.int32)
    trace = counted("tally", x, 1, 32)
    assert contention.updates_per_bin(trace, "counts").tolist() == [2, 1, 0, 1]
    fig = contention.bins({"una": trace}, "counts")
    assert [bar.get_height() for bar in fig.axes[0].patches] == [2, 1, 0, 1]
    assert fig.axes[0].get_title(loc="left") == "una: 2 en la más pedida"
    with pytest.raises(ArgumentError, match="nadie actualiza"):
        contention.updates_per_bin(trace, "x")


def test_a_cut_trace_is_not_counted():
    trace = counted("tally", np.zeros(4, np.int32), 1, 32)
    trace.dropped = 1
    with pytest.raises(ArgumentError, match="omite"):
        contention.pressure(trace, "global")


def test_scatter_joins_what_a_thread_read_with_where_it_wrote():
    x = np.arange(8, dtype=np.float32)
    trace = record(KERNELS["odd_places"][1, 8], x, np.zeros(8, np.float32))
    assert contention.moved(trace, "x", "out") == [(1, 0), (3, 1), (5, 2), (7, 3)]
    drawn = texts(contention.scatter(trace, x, "x", "out"))
    assert drawn.count("7") == 2 and drawn.count("6") == 1
    with pytest.raises(ArgumentError, match="nadie escribe"):
        contention.moved(trace, "x", "y")
