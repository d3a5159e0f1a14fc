"""El CSV se puede abrir con una hoja de cálculo sin que nada se ejecute."""

from __future__ import annotations

import csv
import io

import pytest
from nbgrader.api import Gradebook

from urdimbre.exercises import UNITS
from urdimbre.grading.nbgrader.export import HEADERS, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_what_a_spreadsheet_would_run_becomes_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "text"), [("Ana", "Ana"), (None, ""), (-3.5, "-3.5"), ("a=b", "a=b")]
)
def test_the_rest_is_kept(value, text):
    assert safe_cell(value) == text


def test_commas_quotes_and_formulas_stay_in_their_cell(made_up_course):
    course = made_up_course
    with Gradebook(course._database) as gradebook:
        gradebook.add_student("ana", first_name='=HYPERLINK("x")', last_name='Pérez, "la" Paz')
        gradebook.add_student("luis")
    rows = list(csv.reader(io.StringIO(course.export())))
    ana, luis = sorted((dict(zip(HEADERS, row, strict=True)) for row in rows[1:]), key=str)
    assert tuple(rows[0]) == HEADERS
    assert ana["apellidos"] == 'Pérez, "la" Paz'
    assert ana["nombres"] == '\'=HYPERLINK("x")'
    assert ana["tarea"] == UNITS[0].slug and ana["nota"] == "0.0" and ana["nota_maxima"] == "30.0"
    assert luis["estudiante"] == "luis" and luis["apellidos"] == ""
