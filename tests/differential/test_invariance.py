"""Nada de fuera cambia lo que da un kernel sin carreras: ni tandas, ni orden, ni quien mira.

Programas al azar, con barreras, shuffles, atómicas y divergencia; cuántos y desde qué semilla, con
las mismas variables que ``test_differential.py``.
"""

from __future__ import annotations

import os

import compare
import generate
import pytest
import write

from urdimbre.observe.watch import Watch

COUNT = int(os.environ.get("URDIMBRE_PROGRAMAS", "24"))
FIRST = int(os.environ.get("URDIMBRE_SEMILLA", "0"))
CHUNKS = (32, 96, 1 << 15)
# (carriles de la tanda, semilla del orden, si alguien observa)
WAYS = (
    (32, None, False),
    (96, None, True),
    (1 << 15, 1, False),
    (32, 7, True),
    (96, 11, False),
    (1 << 15, 13, True),
)


def seen(watch):
    """Todo lo que un perfil dice, en tipos que se comparan."""
    lines = sorted(watch.counters.by_place.items())
    lanes = sorted(watch.activity.by_place.items())
    return {
        "total": watch.counters.total,
        "lines": lines,
        "findings": [f.to_dict() for f in watch.findings],
        "bytes": watch.footprint.bytes,
        "lanes": [(n, a.lanes.tolist(), a.warps.tolist()) for n, a in lanes],
    }


def orderable(program):
    """Si sus barreras son las que el orden sorteado admite."""
    return "syncthreads_" not in write.text(program)


def different(one, other):
    return [name for name in one if not compare.equal_bits(one[name], other[name]).all()]


@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT))
def test_results_do_not_depend_on_how_it_runs(seed):
    program = generate.generate(seed)
    plain = compare.simulate(program)
    for chunk, order, watched in WAYS:
        if order is not None and not orderable(program):
            continue
        watch = Watch()
        options = {"chunk_lanes": chunk, "schedule_seed": order}
        observers = watch.observers if watched else []
        other = compare.simulate(program, observers=observers, **options)
        assert different(plain, other) == [], (options, watched, write.text(program))
        assert watch.findings == [], (options, write.text(program))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT, 2))
def test_the_report_does_not_depend_on_the_chunks(seed):
    program = generate.generate(seed)
    reports = []
    for chunk in CHUNKS:
        watch = Watch()
        compare.simulate(program, observers=watch.observers, chunk_lanes=chunk)
        reports.append(seen(watch))
    assert reports[0] == reports[1] == reports[2], write.text(program)
    assert reports[0]["total"].warp_instructions > 0


def test_most_programs_run_in_another_order():
    programs = [generate.generate(seed) for seed in range(40)]
    assert sum(orderable(p) for p in programs) >= 30
    assert any("syncthreads()" in write.text(p) for p in programs if orderable(p))
