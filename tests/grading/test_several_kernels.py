"""Ejercicios con varios kernels: un caso es un plan de lanzamientos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import ExerciseError
from urdimbre.exercises import Case, Exercise, Step, get
from urdimbre.grading import check, gpu, judge
from urdimbre.grading.run import simulate
from urdimbre.grading.source import argument_names

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = (ROOT / "solutions/u06_parallel_patterns/scan_grid.py").read_text("utf-8")
FIRST, SECOND = SOLUTION.split("\n\n\n@cuda.jit\ndef add_offsets")
SECOND = f"@cuda.jit\ndef add_offsets{SECOND}"
HEAD = "import numpy as np\nfrom numba import cuda\n\nBLOCK = 64\n\n\n"
HOST = "\n\ndef scan(x, out):\n    raise SystemExit('nunca corre')\n\n\nscan(1, 2)\n"


def kernels(text: str) -> list:
    names = sim.load_source(text)
    return [names[symbol] for symbol in get("scan_grid").symbols]


def test_the_plan_of_a_simple_case_is_its_only_launch():
    x = np.zeros(3, np.float32)
    case = Case("uno", (x, 2, x), grid=(4,), block=(32,), shared_bytes=8)
    assert case.plan == (Step("", (0, 1, 2), (4,), (32,), 8),)


def test_signatures_symbols_and_stub_follow_the_order_of_the_record():
    exercise = get("scan_grid")
    assert exercise.symbols == ("scan_blocks", "add_offsets")
    assert exercise.signatures["add_offsets"] == "def add_offsets(out, offsets):"
    assert exercise.stub.count("@cuda.jit") == 2
    assert exercise.stub.index("scan_blocks") < exercise.stub.index("add_offsets")
    assert get("vector_add").symbols == ("vector_add",)


def test_names_in_the_messages_come_from_the_case_or_from_the_signature():
    exercise = get("scan_grid")
    three_levels = max(exercise.cases(np.random.default_rng(0)), key=lambda c: len(c.args))
    named = argument_names(exercise, three_levels)
    assert named[:4] == ("x", "out", "sums", "offsets") and len(named) == len(three_levels.args)
    simple = get("vector_add")
    assert argument_names(simple, simple.cases(np.random.default_rng(0))[0]) == ("a", "b", "out")


def test_a_vector_longer_than_the_square_of_the_block_takes_three_levels():
    drawn = {case.name: case for case in get("scan_grid").cases(np.random.default_rng(0))}
    plan = [step.symbol for step in drawn["n = 4097"].plan]
    assert plan == ["scan_blocks"] * 3 + ["add_offsets"] * 2
    assert len(drawn["n = 64"].plan) == 1 and len(drawn["n = 65"].plan) == 3


def test_counters_add_up_the_launches_and_there_is_a_trace_for_each():
    case = get("scan_grid").cases(np.random.default_rng(0))[0]
    names = dict(zip(get("scan_grid").symbols, kernels(SOLUTION), strict=True))
    run = simulate(names, case, measure=True)
    assert [trace.launch.kernel for trace in run.traces] == [step.symbol for step in case.plan]
    stores = [a for trace in run.traces for a in trace.accesses if a.name == "sums"]
    assert len(stores) == 2
    # 128 warps y 64 totales; 2 y 1 en el segundo nivel; 126 al sumar lo anterior.
    assert run.counters.total.global_store_requests == 128 + 64 + 2 + 1 + 126


@pytest.mark.parametrize("missing", ["scan_blocks", "add_offsets"])
def test_the_judge_says_which_kernel_is_missing(missing):
    text = {"scan_blocks": HEAD + SECOND, "add_offsets": FIRST}[missing]
    verdict = judge("scan_grid", text)
    assert (verdict.outcome, verdict.score) == ("missing", 0.0)
    assert missing in verdict.message


def test_a_kernel_without_its_decorator_is_named():
    verdict = judge("scan_grid", SOLUTION.replace("@cuda.jit\ndef add", "def add"))
    assert verdict.outcome == "missing" and "«add_offsets»" in verdict.message


def test_host_code_around_the_kernels_is_ignored():
    assert judge("scan_grid", SOLUTION + HOST).outcome == "passed"


def test_one_wrong_kernel_of_two_fails_and_says_who_wrote_it():
    wrong = SOLUTION.replace("offsets[b - 1]", "offsets[b]")
    report = check("scan_grid", *kernels(wrong), seed=1)
    assert report.codes == ("wrong_values",)
    assert "«out»" in str(report) and "out[64] lo escribe el hilo 0 del bloque 1" in str(report)


def test_check_needs_all_the_kernels_and_only_them():
    first, second = kernels(SOLUTION)
    assert check("scan_grid", first, second, seed=1).passed
    alone = check("scan_grid", first, seed=1)
    assert alone.codes == ("missing_kernel",) and "add_offsets" in str(alone)
    assert check("scan_grid", second, first, seed=1).codes == ("wrong_signature",)
    with pytest.raises(ExerciseError, match="scan_blocks, add_offsets"):
        check("scan_grid", first, second, second)
    with pytest.raises(ExerciseError, match="sobran"):
        check("vector_add", first, second)


def test_an_unwritten_kernel_is_named():
    body = "    raise NotImplementedError()\n"
    stub = FIRST + "\n\n\n@cuda.jit\ndef add_offsets(out, offsets):\n" + body
    report = check("scan_grid", *kernels(stub), seed=1)
    assert report.codes == ("not_written",) and "«add_offsets»" in str(report)


def test_without_a_card_several_kernels_are_not_run_on_it():
    names = dict.fromkeys(get("scan_grid").symbols, object())
    assert gpu.check_right(get("scan_grid"), names, []) == []


TICKET = ROOT / "tests/mutants/u06_parallel_patterns/stream_compaction/ticket.py"


def test_an_order_that_depends_on_the_warps_is_wrong_only_where_it_is_asked():
    exercise = get("stream_compaction")
    kernel = sim.load_source(TICKET.read_text("utf-8"))["stream_compaction"]
    report = check(exercise.id, kernel, seed=1)
    assert report.codes == ("order_dependent",) and report.score == 0.0
    assert [e.id for e in map(get, ("vector_add", "histogram_shared")) if e.any_order] == []


def test_an_output_that_accumulates_keeps_what_it_had():
    exercise: Exercise = get("histogram_shared")
    case = exercise.cases(np.random.default_rng(0))[0]
    assert case.accumulates == case.outputs == (1,)
    assert (case.expected[0] >= case.args[1]).all()
