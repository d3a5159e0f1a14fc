"""Cada ejercicio, de cuatro maneras: sin escribir, bien, bien de otra forma y mal.

La nota de un mutante no basta: debe recibir exactamente los códigos que declara, en orden.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from urdimbre import sim
from urdimbre.exercises import CATALOG, get
from urdimbre.exercises.spec import STUB_BODY
from urdimbre.grading import check
from urdimbre.grading.messages import CODES

ROOT = Path(__file__).resolve().parents[2]
SEED = 20_240_611
BY_ID = {exercise.id: exercise for exercise in CATALOG}


def _files(folder: str) -> list[Path]:
    return sorted((ROOT / "tests" / folder).glob("*/*/*.py"))


def _label(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


MUTANTS, VARIANTS = _files("mutants"), _files("variants")


def solution_path(exercise) -> Path:
    return ROOT / "solutions" / exercise.unit / f"{exercise.id}.py"


def subjects(exercise, text: str) -> list:
    """Lo que define una celda: sus kernels, leídos sin ejecutarla, o su función."""
    namespace = {"__name__": "celda"}
    if exercise.subject == "kernel":
        namespace = sim.load_source(text)
    else:
        exec(compile(text, "<celda>", "exec"), namespace)
    return [namespace[symbol] for symbol in exercise.symbols]


def run(exercise, text: str):
    return check(exercise.id, *subjects(exercise, text), seed=SEED)


def cleared(text: str) -> str:
    """La celda como la deja ``ClearSolutions`` de nbgrader."""
    body = "".join(f"    {line}\n" for line in STUB_BODY.splitlines())
    region = re.compile(r"    ### BEGIN SOLUTION\n.*?    ### END SOLUTION\n", re.S)
    return region.sub(lambda _: body, text)


@pytest.mark.parametrize("exercise", CATALOG, ids=lambda e: e.id)
def test_the_stub_fails_saying_it_is_not_written(exercise):
    report = run(exercise, exercise.stub)
    assert report.codes == ("not_written",)
    assert report.score == 0.0
    assert "Todavía no has escrito tu solución" in str(report)


@pytest.mark.parametrize("exercise", CATALOG, ids=lambda e: e.id)
def test_the_stub_is_the_solution_without_its_body(exercise):
    assert cleared(solution_path(exercise).read_text("utf-8")) == exercise.stub


@pytest.mark.parametrize("exercise", CATALOG, ids=lambda e: e.id)
def test_the_solution_gets_full_marks_and_no_remarks(exercise):
    report = run(exercise, solution_path(exercise).read_text("utf-8"))
    assert report.findings == ()
    assert report.advice == ()
    assert report.passed
    assert report.score == 1.0


@pytest.mark.parametrize("path", VARIANTS, ids=_label)
def test_honest_variants_get_full_marks(path):
    report = run(get(path.parent.name), path.read_text("utf-8"))
    assert report.findings == ()
    assert report.score == 1.0


def declared(path: Path) -> tuple[str, ...]:
    first = path.read_text("utf-8").splitlines()[0]
    assert first.startswith("# expect: ")
    return tuple(first.removeprefix("# expect: ").split(", "))


@pytest.mark.parametrize("path", MUTANTS, ids=_label)
def test_each_mutant_gets_exactly_its_codes(path):
    report = run(get(path.parent.name), path.read_text("utf-8"))
    assert report.codes == declared(path)
    assert not report.passed
    assert report.score < 1.0


@pytest.mark.parametrize("path", MUTANTS, ids=_label)
def test_each_mutant_says_why_it_is_wrong(path):
    second = path.read_text("utf-8").splitlines()[1]
    assert second.startswith("# ") and second.endswith(".")
    assert all(code.partition(":")[0] in CODES for code in declared(path))


def _tree(path: Path) -> str:
    return ast.dump(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("exercise", CATALOG, ids=lambda e: e.id)
def test_no_two_programs_of_an_exercise_are_the_same(exercise):
    paths = [p for p in (*MUTANTS, *VARIANTS) if p.parent.name == exercise.id]
    trees = [_tree(path) for path in [solution_path(exercise), *paths]]
    assert len(set(trees)) == len(trees)


@pytest.mark.parametrize("exercise", CATALOG, ids=lambda e: e.id)
def test_enough_mutants_and_variants_in_the_right_folder(exercise):
    mutants = [p for p in MUTANTS if p.parent.name == exercise.id]
    variants = [p for p in VARIANTS if p.parent.name == exercise.id]
    assert len(mutants) >= 5
    assert len(variants) >= 1
    assert {p.parent.parent.name for p in (*mutants, *variants)} == {exercise.unit}


def test_every_file_belongs_to_an_exercise():
    solutions = {p.stem for p in (ROOT / "solutions").glob("*/*.py")}
    assert solutions == set(BY_ID)
    assert {p.parent.name for p in (*MUTANTS, *VARIANTS)} == set(BY_ID)


def test_every_layer_is_reached_by_some_mutant():
    families = {code.partition(":")[0] for path in MUTANTS for code in declared(path)}
    needed = {"wrong_values", "unwritten_output", "reads_output", "input_modified"}
    needed |= {"compile_error", "loop_budget", "not_a_kernel", "wrong_signature"}
    needed |= {"out_of_bounds", "divergent_barrier", "race", "uninitialized"}
    needed |= {"over_limit", "under_limit"}
    assert needed <= families


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_solutions_pass_with_other_inputs(seed):
    for exercise in CATALOG:
        text = solution_path(exercise).read_text("utf-8")
        report = check(exercise.id, *subjects(exercise, text), seed=seed)
        assert report.score == 1.0, str(report)
