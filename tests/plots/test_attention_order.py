"""El orden de las visitas sale de la traza, y las correcciones, del orden."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import ArgumentError
from urdimbre.observe import record
from urdimbre.plots import attention_order

BODY = """
import numpy as np
from numba import cuda

@cuda.jit
def walk(out):
    k_tile = cuda.shared.array((3, 2), np.float32)
    v_tile = cuda.shared.array((3, 2), np.float32)
    t = cuda.threadIdx.x
    for j in range(3):
        k_tile[j, t % 2] = np.float32(j)
        v_tile[j, t % 2] = np.float32(j)
    cuda.syncthreads()
    total = np.float32(0)
"""
TURNS = """
    for j in range(3):
        total += k_tile[j, 0] + k_tile[j, 1]
        total += v_tile[j, 0]
    out[t] = total
"""
PASSES = """
    for j in range(3):
        total += k_tile[j, 0]
    for j in range(3):
        total += v_tile[j, 0] + v_tile[j, 1]
    out[t] = total
"""
K, V = "k_tile", "v_tile"


def trace(loops):
    kernel = sim.load_source(BODY + loops)["walk"]
    return record(kernel[1, 32], np.zeros(32, np.float32))


def test_visits_merge_the_reads_of_one_row():
    by_turns = attention_order.visits(trace(TURNS))
    assert by_turns == [(K, 0), (V, 0), (K, 1), (V, 1), (K, 2), (V, 2)]
    assert attention_order.visits(trace(PASSES)) == [(K, 0), (K, 1), (K, 2), (V, 0), (V, 1), (V, 2)]


def test_a_correction_is_where_scores_give_way_to_values():
    assert attention_order.corrections([(K, 0), (V, 0), (K, 1), (V, 1)]) == [1, 3]
    assert attention_order.corrections([(K, 0), (K, 1), (V, 0), (V, 1)]) == [2]


def test_the_figure_has_a_panel_per_kernel_and_counts_in_the_title():
    fig = attention_order.order({"a": trace(TURNS), "b": trace(PASSES)})
    titles = [ax.get_title(loc="left") for ax in fig.axes]
    assert titles == ["a: 3 correcciones", "b: 1 corrección"]
    cells = [t.get_text() for t in fig.axes[1].texts]
    assert cells == ["0", "1", "2", "0", "1", "2"]


def test_a_trace_without_the_tiles_is_an_error():
    source = "from numba import cuda\n\n@cuda.jit\ndef f(x):\n    x[cuda.threadIdx.x] = 1\n"
    other = record(sim.load_source(source)["f"][1, 4], np.zeros(4, np.float32))
    with pytest.raises(ArgumentError, match="k_tile"):
        attention_order.order({"f": other})
