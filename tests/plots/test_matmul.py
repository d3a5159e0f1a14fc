"""Las figuras de la unidad 8 dicen lo que dice la traza, y las curvas, lo que dicen las cuentas."""

from __future__ import annotations

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import ArgumentError
from urdimbre.observe import record, sanitize
from urdimbre.observe.findings import Finding
from urdimbre.observe.roofline import CARDS, Roofline
from urdimbre.plots import matmul, matmul_curves, shared, tiles

SOURCE = """
import numpy as np
from numba import cuda

T = 8


@cuda.jit
def tiled(a, b, c):
    ta = cuda.shared.array((T, T), np.float32)
    tb = cuda.shared.array((T, T), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    total = np.float32(0)
    for start in range(0, a.shape[1], T):
        ta[ty, tx] = np.float32(0)
        tb[ty, tx] = np.float32(0)
        if row < a.shape[0] and start + tx < a.shape[1]:
            ta[ty, tx] = a[row, start + tx]
        if start + ty < b.shape[0] and col < b.shape[1]:
            tb[ty, tx] = b[start + ty, col]
        cuda.syncthreads()
        for k in range(T):
            total += ta[ty, k] * tb[k, tx]
        {second}
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = total
"""
TILED = sim.load_source(SOURCE.format(second="cuda.syncthreads()"))["tiled"]
RACY = sim.load_source(SOURCE.format(second="pass"))["tiled"]


def launch(kernel, m, k, n):
    """El lanzamiento y sus argumentos, para matrices de m × k y k × n."""
    grid = (-(-n // 8), -(-m // 8))
    shapes = ((m, k), (k, n), (m, n))
    return kernel[grid, (8, 8)], [np.ones(shape, np.float32) for shape in shapes]


def traced(kernel, *shape):
    configured, args = launch(kernel, *shape)
    return record(configured, *args)


def pictures(fig):
    return {ax.get_title(loc="left"): ax.images[0].get_array() for ax in fig.axes if ax.images}


def test_walk_moves_along_a_row_and_down_a_column():
    figures, captions = matmul.walk(traced(TILED, 16, 24, 16), block=1)
    assert len(figures) == len(captions) == 4
    second = pictures(figures[1])
    now = [np.argwhere(second[f"«{name}»"] == matmul.NOW) for name in "ab"]
    # El bloque 1 está arriba a la derecha: filas 0 a 7 de a, columnas 8 a 15 de b.
    assert [x.min(axis=0).tolist() for x in now] == [[0, 8], [8, 8]]
    assert [x.max(axis=0).tolist() for x in now] == [[7, 15], [15, 15]]
    assert (second["«a»"] == matmul.BEFORE).sum() == 64
    assert (second["«c»"] == matmul.PENDING).sum() == 64
    last = pictures(figures[-1])
    assert np.argwhere(last["«c»"] == matmul.WRITTEN).min(axis=0).tolist() == [0, 8]
    assert not (last["«a»"] == matmul.NOW).any()


def test_walk_captions_count_what_was_moved():
    _, captions = matmul.walk(traced(TILED, 16, 24, 16), block=1)
    # Cada tesela de 8 × 8 son 8 sectores; por paso, una de a y una de b.
    assert captions[0] == "Paso 1 de 3: trae 128 elementos. Van 16 sectores."
    assert captions[-1] == "El bloque escribe sus 64 sumas. En total leyó 48 sectores."


def test_walk_figures_have_one_size():
    figures, _ = matmul.walk(traced(TILED, 16, 24, 16))
    assert len({tuple(fig.get_size_inches()) for fig in figures}) == 1


def test_walk_without_the_block_says_so():
    with pytest.raises(ArgumentError, match="el bloque 9 nunca lee «a»"):
        matmul.walk(traced(TILED, 8, 8, 8), block=9)


def test_one_step_shows_what_is_asked_and_what_travels():
    fig = matmul.one_step({"por filas": traced(TILED, 16, 16, 16)}, warp=1)
    shown = pictures(fig)
    assert list(shown) == ["por filas\nlee «a»: 4 sectores", "\nlee «b»: 4 sectores"]
    asked = next(iter(shown.values())) == tiles.WARP
    assert np.argwhere(asked).min(axis=0).tolist() == [4, 0] and asked.sum() == 32


def test_by_line_joins_the_repeated_reads_of_a_loop():
    short = matmul.by_line(traced(TILED, 8, 16, 8), "ta")
    kinds = [(a.kind, a.phase) for a in short.accesses]
    per_step = [("store", 0), ("store", 0), ("load", 1)]
    assert kinds == [*per_step, *((kind, phase + 2) for kind, phase in per_step)]
    assert short.accesses[2].address.shape == (1, 2, 8 * 32)


def test_a_race_is_drawn_where_no_barrier_separates_it():
    configured, args = launch(RACY, 8, 16, 8)
    found = [f for f in sanitize(configured, *args) if f.array == "ta"]
    short = matmul.by_line(record(configured, *args), "ta")
    rows = [shared.race_rows(short.accesses, finding) for finding in found]
    # Filas: escribe, escribe, lee; escribe, escribe, lee. La lectura choca con lo que sigue.
    assert rows and {top for top, _ in rows} == {2} and {low for _, low in rows} <= {3, 4}


def test_a_race_without_a_common_phase_spans_its_lines():
    short = matmul.by_line(traced(TILED, 8, 8, 8), "ta")
    lines = [a.line for a in short.accesses]
    finding = Finding("race", "", lines[-1], "", (0, 0, 0), (), "ta", lines[0])
    assert shared.race_rows(short.accesses, finding) == (0, 2)


def test_roles_tell_who_only_fetches():
    seen = matmul.thread_roles(traced(TILED, 5, 7, 10))
    assert seen.shape == (8, 16)
    assert (seen[:5, :10] == matmul.COMPUTES).all()
    # Las filas 5 y 6 traen b (K = 7); las columnas 10 a 14 traen a.
    assert (seen[5:7, :10] == matmul.FETCHES).all() and (seen[:5, 10:15] == matmul.FETCHES).all()
    assert (seen[7] == matmul.IDLE).all() and (seen[5:, 10:] == matmul.IDLE).all()
    fig = matmul.roles(traced(TILED, 5, 7, 10))
    assert (fig.axes[0].images[0].get_array() == seen).all()


def point(name, requested, card="H100"):
    return Roofline(name, 1000, 100, requested, CARDS[card], False)


def test_the_requested_roof_places_each_kernel_by_what_it_asks():
    fig = matmul_curves.requested_roof([point("ingenuo", 1000), point("teselas", 200)])
    roof, *marks, compulsory, ridge = fig.axes[0].lines
    assert [(m.get_label(), m.get_xdata()[0]) for m in marks] == [("ingenuo", 1), ("teselas", 5)]
    assert [m.get_ydata()[0] for m in marks] == [pytest.approx(3.35), pytest.approx(16.75)]
    assert compulsory.get_xdata()[0] == 10 and ridge.get_xdata()[0] == pytest.approx(20)
    assert max(roof.get_ydata()) == 67.0


def test_the_requested_roof_refuses_a_mixture():
    for points in ([], [point("a", 1), point("a", 1, "L4")]):
        with pytest.raises(ArgumentError, match="misma tarjeta"):
            matmul_curves.requested_roof(points)


def test_errors_are_drawn_against_their_bound():
    fig = matmul_curves.errors([1, 10], [1e-8, 2e-8], [3e-8, 4e-7])
    bound, worst = fig.axes[0].lines
    assert list(bound.get_ydata()) == [3e-8, 4e-7] and list(worst.get_ydata()) == [1e-8, 2e-8]
    assert list(worst.get_xdata()) == [1, 10]


def test_warp_outputs_counts_what_one_warp_writes():
    fig = matmul.warp_outputs({"teselas": traced(TILED, 16, 8, 16)}, block=3, warp=1)
    (title, state), *_ = pictures(fig).items()
    assert title == "teselas\n32 de un warp"
    # El bloque 3 es el de abajo a la derecha, y su warp 1, sus últimas cuatro filas.
    assert np.argwhere(state == matmul.NOW).min(axis=0).tolist() == [12, 8]
    assert (state == matmul.BEFORE).sum() == 32


def test_ceilings_draw_each_share_beside_its_kernel():
    rows = {"ingenuo": {"global": 0.02}, "teselas": {"global": 0.3, "compartida": 0.125}}
    ax = matmul_curves.ceilings(rows).axes[0]
    bars = [[round(bar.get_width(), 6) for bar in group] for group in ax.containers]
    assert bars == [[2.0, 30.0], [12.5]]
    assert {t.get_text() for t in ax.texts} == {"2,0", "30,0", "12,5"}
    assert [t.get_text() for t in ax.get_yticklabels()] == ["ingenuo", "teselas"]
