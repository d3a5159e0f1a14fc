"""Las figuras de la unidad 4 dicen lo que dice la traza.

Las trazas se arman a mano, con direcciones que se pueden seguir en papel.
"""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from urdimbre.errors import ArgumentError
from urdimbre.observe.findings import Finding
from urdimbre.observe.trace import Trace, TracedAccess
from urdimbre.plots import footprint, shared, tiles

LANE = np.arange(32, dtype=np.int64)
F32 = np.dtype(np.float32)


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def access(kind, space, name, shape, element, *, line=1, phase=0, base=0, mask=True):
    """Un acceso de un bloque; ``element`` es ``(warps, 32)``, posiciones en el arreglo."""
    element = np.atleast_2d(np.asarray(element, np.int64))[None]
    active = np.broadcast_to(np.asarray(mask, bool), element.shape)
    address = base + element * F32.itemsize
    return TracedAccess(
        kind=kind, space=space, line=line, name=name, shape=shape, dtype=F32, base=base,
        address=address, mask=active, index=(), size=4, first_block=0, phase=phase,
    )  # fmt: skip


def traced(*accesses):
    trace = Trace()
    trace.accesses.extend(accesses)
    return trace


def column(stride, at=3):
    return LANE * stride + at


def texts(fig):
    return [ax.get_title(loc="left") for ax in fig.axes]


# Una columna de una tesela de 32 columnas: 32 palabras del mismo banco. De 33: una por banco.
@pytest.mark.parametrize(("stride", "turns"), [(32, 32), (33, 1), (2, 2), (0, 1)])
def test_bank_map_counts_the_words_of_the_busiest_bank(stride, turns):
    read = access("load", "shared", "tile", (32, max(stride, 2)), column(stride))
    words = shared.asked_words(read, 0, 0)
    assert shared.words_per_bank(words).max() == turns
    assert footprint.cost(read, 0, 0) == turns
    assert f"{turns} turno" in texts(shared.bank_map(traced(read), "tile"))[0]


def test_bank_map_marks_the_padding_nobody_touches():
    rows = (np.arange(32, dtype=np.int64)[:, None] * 33) + LANE
    write = access("store", "shared", "tile", (32, 33), rows)
    read = access("load", "shared", "tile", (32, 33), column(33, 0))
    states = shared.word_states(traced(write, read), read, shared.asked_words(read, 0, 0))
    untouched = [w for w, state in states.items() if state == shared.UNTOUCHED]
    assert untouched == [33 * r + 32 for r in range(32)]


def test_bank_map_of_an_array_far_from_the_start_has_only_its_rows():
    read = access("load", "shared", "tile", (128,), column(2, 0), base=65_536)
    above = shared.bank_map(traced(read), "tile").axes[0]
    assert max(above.get_ylim()) == pytest.approx(4, abs=0.1)
    assert len(above.patches) == 128


def test_bank_map_without_that_access_says_what_to_look_at():
    read = access("load", "shared", "tile", (32, 32), LANE)
    with pytest.raises(ArgumentError, match="nunca escribe «tile»"):
        shared.bank_map(traced(read), "tile", kind="store")


# float32 en una matriz de 64 columnas: una fila de warp son 4 sectores; una columna, 32.
@pytest.mark.parametrize(("element", "sectors"), [(LANE, 4), (column(64), 32), (LANE + 1, 5)])
def test_sector_elements_are_whole_sectors(element, sectors):
    read = access("load", "global", "a", (64, 64), element, base=512)
    assert footprint.cost(read, 0, 0) == sectors
    assert len(footprint.sector_elements(read, 0, 0)) == 8 * sectors


def test_owners_of_a_column_read():
    both = np.stack([column(64, 0), column(64, 9)])
    picture = tiles.owners(access("load", "global", "a", (64, 64), both), 0, 0)
    assert (picture[:32, 0] == tiles.WARP).all()
    assert (picture[:32, 1:8] == tiles.CARRIED).all()
    assert (picture[:32, 9] == tiles.BLOCK).all()
    assert (picture[32:] == tiles.NOBODY).all()


def test_warp_path_has_a_titled_panel_per_instruction():
    trace = traced(
        access("load", "global", "a", (64, 64), LANE),
        access("store", "shared", "tile", (32, 32), LANE),
        access("load", "shared", "tile", (32, 32), column(32, 0), phase=1),
        access("store", "global", "b", (64, 64), LANE, phase=1),
    )
    assert texts(tiles.warp_path(trace)) == [
        "1. lee «a»\n4 sectores",
        "2. escribe «tile»\n1 turno",
        "3. lee «tile»\n32 turnos",
        "4. escribe «b»\n4 sectores",
    ]


def test_a_warp_that_does_nothing_has_no_path():
    with pytest.raises(ArgumentError, match="no hace accesos"):
        tiles.warp_path(traced(access("load", "global", "a", (64,), LANE)), warp=1)


def test_times_read_counts_every_lane_and_ignores_the_inactive():
    mask = LANE < 16
    trace = traced(
        access("load", "global", "x", (40,), LANE),
        access("load", "global", "x", (40,), LANE + 1, mask=mask),
        access("store", "global", "x", (40,), LANE),
    )
    expected = np.zeros(40, np.int64)
    expected[:32] += 1
    expected[1:17] += 1
    np.testing.assert_array_equal(footprint.times_read(trace, "x"), expected)
    fig = tiles.reads_per_element({"uno": trace}, "x")
    assert texts(fig) == ["uno: 1,20 veces en promedio"]


def test_an_array_nobody_reads_is_an_error():
    with pytest.raises(ArgumentError, match="nadie lee «y»"):
        footprint.times_read(traced(access("load", "global", "x", (32,), LANE)), "y")


@pytest.mark.parametrize(
    ("found", "expected"),
    [([], []), ([4], [(4, 1)]), ([0, 1, 2, 7, 8], [(0, 3), (7, 2)])],
)
def test_runs(found, expected):
    assert shared.runs(np.array(found, np.int64)) == expected


def race(line, other_line, hazard="RAW"):
    return Finding("race", "", line, "", (0, 0, 0), (), "s", other_line, detail={"hazard": hazard})


def phase_trace(synced):
    both = np.stack([LANE, LANE + 32])
    return traced(
        access("store", "shared", "s", (64,), both, line=5),
        access("load", "shared", "s", (64,), 63 - both, line=7, phase=int(synced)),
    )


def drawn_words(fig):
    return [text.get_text() for text in fig.axes[0].texts]


def test_phases_draws_the_barrier_between_two_phases():
    fig = shared.phases(phase_trace(synced=True), [], "s")
    assert drawn_words(fig) == ["barrera"]
    labels = [t.get_text() for t in fig.axes[0].get_yticklabels()]
    assert labels == ["línea 5: escribe", "línea 7: lee"]


def test_phases_joins_the_two_lines_of_a_race():
    trace = phase_trace(synced=False)
    assert shared.race_rows(trace.accesses, race(7, 5)) == (0, 1)
    assert "RAW" in drawn_words(shared.phases(trace, [race(7, 5)], "s"))


def test_phases_ignores_races_of_other_arrays():
    other = Finding("race", "", 7, "", (0, 0, 0), (), "t", 5, detail={"hazard": "RAW"})
    assert drawn_words(shared.phases(phase_trace(synced=False), [other], "s")) == []


def loop_trace():
    """Dos vueltas de un ciclo: escribe (5), barrera, lee (7); sin barrera al volver."""
    return traced(
        access("store", "shared", "s", (64,), LANE, line=5),
        access("load", "shared", "s", (64,), 31 - LANE, line=7, phase=1),
        access("store", "shared", "s", (64,), LANE, line=5, phase=1),
        access("load", "shared", "s", (64,), 31 - LANE, line=7, phase=2),
    )


@pytest.mark.parametrize(
    ("finding", "rows"),
    [
        # La lectura de la línea 7 ocurre antes que la escritura de la 5 de la otra vuelta.
        (race(5, 7, "WAR"), (1, 2)),
        # De la escritura a la lectura siempre hay una barrera: van las dos líneas enteras.
        (race(7, 5, "RAW"), (0, 3)),
        (race(9, 11, "RAW"), None),
    ],
)
def test_a_bracket_follows_the_order_of_what_happened(finding, rows):
    assert shared.race_rows(loop_trace().accesses, finding) == rows


def test_an_update_joins_its_read_with_its_write():
    # s[t] += s[t + 1]: dos lecturas y una escritura, todas de la línea 5.
    trace = traced(
        access("load", "shared", "s", (64,), LANE, line=5),
        access("load", "shared", "s", (64,), LANE + 1, line=5),
        access("store", "shared", "s", (64,), LANE, line=5),
    )
    assert shared.race_rows(trace.accesses, race(5, 5, "WAR")) == (0, 2)
    assert shared.race_rows(trace.accesses, race(5, 5, "WAW")) == (2, 2)


def test_brackets_are_drawn_in_order_of_time():
    trace = traced(
        access("store", "shared", "s", (64,), LANE, line=8),
        access("load", "shared", "s", (64,), 31 - LANE, line=9),
        access("store", "shared", "s", (64,), LANE, line=5),
        access("load", "shared", "s", (64,), 31 - LANE, line=6),
    )
    # Por línea, la de la 6 iría primero; ocurre después.
    found = [race(6, 5, "RAW"), race(9, 8, "RAW"), race(5, 9, "WAR")]
    words = [t for t in shared.phases(trace, found, "s").axes[0].texts if t.get_text()]
    places = {(round(t.get_position()[1], 2), t.get_text()): t.get_position()[0] for t in words}
    assert places[1.0, "RAW"] < places[2.0, "WAR"] < places[3.0, "RAW"]
