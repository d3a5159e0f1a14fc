"""La traza que leen las figuras."""

import numpy as np

from urdimbre.observe import Trace


def test_records_are_spread_to_lanes(scene):
    s = scene(40, 3)
    a = s.array("f4", 64, name="x")
    (record,) = s.play(Trace(), s.load(a, s.t, line=7, mask=s.t < 5)).accesses
    assert record.address.shape == record.mask.shape == record.index[0].shape == (3, 2, 32)
    assert (record.kind, record.space, record.line, record.name) == ("load", "global", 7, "x")
    assert record.shape == (64,) and record.base == a.address and record.size == 4
    assert record.mask.sum() == 15 and list(record.blocks) == [0, 1, 2]
    assert (record.address[2, 0, :3] - a.address).tolist() == [0, 4, 8]


def test_lanes_that_do_not_exist_are_masked(scene):
    s = scene(40)
    (record,) = s.play(Trace(), s.load(s.array("f4", 64), s.t)).accesses
    assert record.mask.sum() == 40


def test_events_are_copied(scene):
    s = scene()
    event = s.load(s.array("f4", 64), s.t)
    (record,) = s.play(Trace(), event).accesses
    before = record.address.copy()
    event.address[:] = 0
    assert np.array_equal(record.address, before)


def test_phases_count_barriers(scene):
    s = scene()
    a = s.array("f4", 64, "shared")
    events = s.store(a, s.t), s.barrier(kind="syncwarp"), s.barrier(), s.load(a, s.t)
    assert [r.phase for r in s.play(Trace(), *events).accesses] == [0, 1]


def test_a_full_trace_says_so(scene):
    s = scene()
    event = s.load(s.array("f4", 64), s.t)
    trace = s.play(Trace(max_accesses=2), event, event, event)
    assert (len(trace.accesses), trace.dropped) == (2, 1)
    assert "omite 1" in trace.note
    assert s.play(Trace(), event).note == ""


def test_lanes_are_also_limited(scene):
    # Cada acceso guarda 32 direcciones y 1 máscara: caben dos en 70.
    s = scene()
    event = s.load(s.array("f4", 64), s.t)
    trace = s.play(Trace(max_lanes=70), event, event, event)
    assert (len(trace.accesses), trace.dropped) == (2, 1)


def test_spaces_can_be_chosen(scene):
    s = scene()
    events = [s.load(s.array("f4", 64, space), s.t) for space in ("global", "shared", "local")]
    assert [r.space for r in s.play(Trace(), *events).accesses] == ["global", "shared"]
    assert [r.space for r in s.play(Trace(spaces=("local",)), *events).accesses] == ["local"]


def test_on_line(scene):
    s = scene()
    a = s.array("f4", 64)
    trace = s.play(Trace(), s.load(a, s.t, line=3), s.load(a, s.t, line=4))
    assert [r.line for r in trace.on_line(4)] == [4]
