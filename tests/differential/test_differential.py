"""Programas al azar: el simulador contra un evaluador independiente, bit a bit.

Cuántos y desde qué semilla se cambia desde fuera:

    URDIMBRE_PROGRAMAS=10000 URDIMBRE_SEMILLA=100000 pytest tests/differential
"""

from __future__ import annotations

import os

import compare
import evaluate
import generate
import numpy as np
import pytest
import scalars
import write

COUNT = int(os.environ.get("URDIMBRE_PROGRAMAS", "300"))
FIRST = int(os.environ.get("URDIMBRE_SEMILLA", "0"))
GROUP = 25


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, GROUP))
def test_simulator_agrees_with_a_loop_over_threads(first):
    for seed in range(first, first + GROUP):
        program = generate.generate(seed)
        found = compare.difference(program)
        assert not found, f"semilla {seed}, {found}\n{write.text(program)}"


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_nothing_changes_with_chunks_order_or_observers(seed):
    from urdimbre.observe import Counters, Memcheck, Racecheck, Synccheck

    program = generate.generate(seed)
    plain = compare.simulate(program)
    observers = [Counters(), Memcheck(), Racecheck(), Synccheck()]
    others = (
        compare.simulate(program, chunk_lanes=64),
        compare.simulate(program, schedule_seed=seed + 1),
        compare.simulate(program, observers=observers),
    )
    for other in others:
        assert all(compare.equal_bits(plain[name], other[name]).all() for name in plain)
    assert [f for o in observers[1:] for f in o.findings] == []


def test_generated_programs_are_varied():
    text = "".join(write.text(generate.generate(seed)) for seed in range(150))
    words = ("while", "for ", "break", "continue", "return", "else", "syncthreads", "local.array",
             "shared.array", "device=True", "grid(2)", " and ", " or ", "not ", "//", "%", "<<",
             ">>", "min(", "max(", "abs(", "math.", "np.int8(", "-=", "^=",
             "**", "atomic.add", "round(", "array(0,", "blockIdx.x == 0",
             "shfl_", "ballot_sync", "0xffff,", "syncthreads_count", ") * np.float32(",
             " - m", " = m")  # fmt: skip
    assert [word for word in words if word not in text] == []


def test_the_evaluator_would_see_a_wrong_result():
    program = generate.generate(3)
    right = evaluate.run(program)["out"]
    wrong = right.copy()
    wrong.flat[5] += wrong.dtype.type(1)
    assert (~compare.equal_bits(right, wrong)).sum() == 1


# Del PTX que genera el compilador real para cada expresión.
@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (scalars.cast(np.float32(70000), np.dtype("int8")), -1),
        (scalars.cast(np.float32(300), np.dtype("int8")), 44),
        (scalars.cast(np.float32(70000), np.dtype("int16")), 32767),
        (scalars.cast(np.float64(-5), np.dtype("uint8")), 0),
        (scalars.cast(np.float16(1.75), np.dtype("int32")), 2),
        (scalars.cast(np.float16(300), np.dtype("int8")), 127),
        (scalars.cast(np.float32("nan"), np.dtype("int32")), 0),
        (scalars.cast(np.float64("nan"), np.dtype("int32")), -(2**31)),
        (scalars.cast(np.float32("inf"), np.dtype("uint64")), 2**64 - 1),
        (scalars.negate(np.uint8(1), np.dtype("uint64")), 255),
        (scalars.invert(np.uint8(1), np.dtype("uint64")), 254),
        (scalars.binary("//", np.int64(-7), np.int64(0), np.dtype("int64")), 0),
        (scalars.binary("%", np.int64(-7), np.int64(3), np.dtype("int64")), 2),
        (scalars.binary("//", np.int64(-(2**63)), np.int64(-1), np.dtype("int64")), 0),
        (scalars.binary("<<", np.int64(1), np.int64(64), np.dtype("int64")), 0),
        (scalars.binary(">>", np.int64(-8), np.int64(70), np.dtype("int64")), -1),
        (scalars.compare("<", np.int64(-1), np.uint64(0)), True),
        (scalars.compare("==", np.int64(2**60), np.uint64(2**60 + 1)), True),
    ],
)
def test_evaluator_follows_the_ptx(got, wanted):
    assert got == wanted
