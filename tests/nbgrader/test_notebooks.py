"""Los notebooks generados: iguales siempre, sin soluciones, con todo en español."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from urdimbre.exercises import UNITS, in_unit
from urdimbre.exercises.spec import STUB_BODY
from urdimbre.grading.nbgrader import build

REPOSITORY = Path(__file__).parents[2]
UNIT = UNITS[0]


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def source(cell: dict) -> str:
    return "".join(cell["source"])


def marks(cell: dict) -> dict:
    return cell["metadata"].get("nbgrader", {})


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.slug)
def test_the_committed_notebooks_are_the_generated_ones(unit):
    assert build.stale(REPOSITORY, [unit]) == []


def test_a_changed_file_is_reported_and_rewritten(made_up_course, capsys):
    root = made_up_course.root
    before = made_up_course.release.read_bytes()
    assert build.main(["--check", "--root", str(root), UNIT.slug]) == 0
    made_up_course.release.write_bytes(before + b"\n")
    assert build.main(["--check", "--root", str(root), UNIT.slug]) == 1
    message = capsys.readouterr().out
    assert f"exercises/{UNIT.slug}/{UNIT.slug}.ipynb" in message
    assert f"python -m urdimbre.grading.nbgrader.build {UNIT.slug}" in message
    assert build.main(["--root", str(root), UNIT.slug]) == 0
    assert made_up_course.release.read_bytes() == before


def test_outside_the_course_it_says_where_to_run(tmp_path, capsys):
    assert build.main(["--root", str(tmp_path)]) == 2
    assert "desde la raíz del curso" in capsys.readouterr().err


def test_generate_assignment_gives_the_committed_bytes(made_up_course):
    course = made_up_course
    before = course.release.read_bytes()
    assert course.api.generate_assignment(UNIT.slug)["success"]
    assert course.release.read_bytes() == before


def test_the_release_holds_stubs_and_no_solution(made_up_course):
    found = cells(made_up_course.release)
    stubs = [source(cell) for cell in found if marks(cell).get("solution")]
    body = "\n".join(f"    {line}" for line in STUB_BODY.splitlines())
    assert len(stubs) == len(in_unit(UNIT.slug))
    assert all(stub.endswith(body) for stub in stubs)
    text = made_up_course.release.read_text(encoding="utf-8")
    assert "secret_answer" not in text and "SOLUTION" not in text


def test_the_text_of_the_solutions_is_never_released(made_up_course):
    course = made_up_course
    assert list((course.root / "solutions").rglob("*.py"))
    for folder in (course.root / "exercises", course.root / "exchange"):
        assert [path.suffix for path in folder.rglob("*") if path.is_file()] == [".ipynb"]


def test_each_exercise_has_its_points_and_a_locked_check(made_up_course):
    found = cells(made_up_course.release)
    graded = {marks(cell)["grade_id"]: cell for cell in found if marks(cell).get("grade")}
    for exercise in in_unit(UNIT.slug):
        cell = graded.pop(f"check_{exercise.id}")
        assert marks(cell)["points"] == exercise.points and marks(cell)["locked"]
        assert cell["metadata"]["editable"] is False
        assert exercise.symbol in source(cell)
    assert graded == {}


def test_statement_hints_size_and_points_are_there(made_up_course):
    text = "\n".join(source(cell) for cell in cells(made_up_course.release))
    for exercise in in_unit(UNIT.slug):
        assert exercise.statement.strip() in text and exercise.size in text
        assert all(hint.strip() in text for hint in exercise.hints)
    assert text.count("<details>") == 3 * len(in_unit(UNIT.slug))


def test_cells_have_stable_and_distinct_ids(made_up_course):
    found = [cell["id"] for cell in cells(made_up_course.release)]
    assert len(set(found)) == len(found)
    teacher = made_up_course.root / "solutions" / UNIT.slug / f"{UNIT.slug}.ipynb"
    assert [cell["id"] for cell in cells(teacher)] == found
    assert all(cell.get("outputs", []) == [] for cell in cells(teacher))
