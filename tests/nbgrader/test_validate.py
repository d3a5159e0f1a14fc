"""El botón «Validate» que ve el estudiante: la versión publicada falla en cada comprobación."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbgrader.validator import Validator

from urdimbre.errors import CheckFailed
from urdimbre.exercises import UNITS, get, in_unit
from urdimbre.grading.report import Note, build

REPOSITORY = Path(__file__).parents[2]
UNIT = UNITS[0]


@pytest.fixture
def validator(monkeypatch, made_up_course) -> Validator:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY / "src"))
    made_up_course.config.ExecutePreprocessor.startup_timeout = 120
    return Validator(config=made_up_course.config)


def test_the_stub_fails_every_check_with_one_line(validator):
    path = REPOSITORY / "exercises" / UNIT.slug / f"{UNIT.slug}.ipynb"
    failed = validator.validate(str(path))["failed"]
    assert len(failed) == len(in_unit(UNIT.slug))
    for cell, exercise in zip(failed, in_unit(UNIT.slug), strict=True):
        assert cell["raw_error"] == f"«{exercise.title}» todavía no pasa. Nota: 0 % (0 casos)."


def test_the_solutions_pass_every_check(validator):
    path = REPOSITORY / "solutions" / UNIT.slug / f"{UNIT.slug}.ipynb"
    assert validator.validate(str(path)) == {}


def test_require_shows_the_report_and_fails_only_when_something_is_left(capsys):
    exercise = get(in_unit(UNIT.slug)[0].id)
    build(exercise, (), cases=3).require()
    with pytest.raises(CheckFailed, match="todavía no pasa"):
        build(exercise, (Note("right", "wrong_values", "Mal."),), cases=3).require()
    assert capsys.readouterr().out.count(exercise.title) == 2
