"""De la entrega al libro de notas, con un juez de mentira: lo que hace cada pieza de nbgrader."""

from __future__ import annotations

import copy
import json
from types import SimpleNamespace

import pytest

import urdimbre.grading
from urdimbre.exercises import UNITS, in_unit
from urdimbre.grading.report import Note
from urdimbre.grading.report import build as build_report

UNIT = UNITS[0]
IDS = [exercise.id for exercise in in_unit(UNIT.slug)]
FIRST, SECOND, THIRD = IDS
EXERCISES = {exercise.id: exercise for exercise in in_unit(UNIT.slug)}
GOOD = "from numba import cuda\n\n\n@cuda.jit\ndef {name}(x):\n    x[0] = 1  # bien\n"


def good(name: str) -> str:
    return GOOD.replace("{name}", name)


def perfect(course, **changes: str) -> dict:
    """El notebook con las respuestas que el juez da por buenas, salvo las que se cambien."""
    return course.filled({name: good(name) for name in IDS} | changes)


def stub_judge(exercise_id: str, source: str, **_):
    """Juez que decide por una palabra de la fuente."""
    exercise = EXERCISES[exercise_id]
    if "explota" in source:
        raise RuntimeError("el juez se cayó")
    if "nan" in source:
        return _verdict("failed", float("nan"), build_report(exercise, ()))
    if "mucho" in source:
        return _verdict("passed", 1000.0, build_report(exercise, ()))
    if "bien" in source:
        return _verdict("passed", 1.0, build_report(exercise, (), cases=3))
    note = Note("right", "wrong_values", "El resultado <no> es el esperado.\nLínea 5: falta algo.")
    return _verdict("failed", 0.0, build_report(exercise, (note,)))


def _verdict(outcome, score, report):
    data = {"outcome": outcome, "score": score, "report": report.to_dict()}
    return SimpleNamespace(to_dict=lambda: data)


@pytest.fixture(autouse=True)
def judged(monkeypatch):
    monkeypatch.setattr(urdimbre.grading, "judge", stub_judge, raising=False)


def edit(notebook: dict, grade_id: str, change) -> dict:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            change(cell)
    return notebook


def to_markdown(cell):
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


def without_marks(cell):
    cell["metadata"] = {}


def garbage_marks(cell):
    marks = {"grade": True, "solution": True, "points": 9999, "locked": "x", "grade_id": FIRST}
    cell["metadata"]["nbgrader"] = marks | {"schema_version": "99", "checksum": 5}


def moved(course):
    notebook = perfect(course)
    notebook["cells"].reverse()
    return notebook


def duplicated(course):
    notebook = perfect(course)
    position = next(
        i
        for i, cell in enumerate(notebook["cells"])
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == FIRST
    )
    stub = copy.deepcopy(course.notebook()["cells"][position])
    notebook["cells"].append(stub)
    return notebook


def deleted_checks(course):
    notebook = perfect(course)
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if not cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("check_")
    ]
    return notebook


def split_in_two(course):
    notebook = perfect(course)
    (position,) = [
        i
        for i, cell in enumerate(notebook["cells"])
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == FIRST
    ]
    lines = notebook["cells"][position]["source"]
    half = copy.deepcopy(notebook["cells"][position])
    half["source"], notebook["cells"][position]["source"] = lines[3:], lines[:3]
    notebook["cells"].insert(position + 1, half)
    return notebook


HONEST = {
    "perfect": perfect,
    "moved": moved,
    "duplicated": duplicated,
    "deleted_checks": deleted_checks,
    "split": split_in_two,
    "markdown": lambda course: edit(perfect(course), FIRST, to_markdown),
    "markdown_check": lambda course: edit(perfect(course), f"check_{FIRST}", to_markdown),
    "unmarked": lambda course: edit(perfect(course), FIRST, without_marks),
    "garbage": lambda course: edit(perfect(course), FIRST, garbage_marks),
}


def test_changed_notebooks_keep_their_points(made_up_course):
    course = made_up_course
    for student, change in HONEST.items():
        course.submit(student, change(course))
    course.grade()
    for student in HONEST:
        assert course.scores(student) == {f"check_{name}": 10.0 for name in IDS}, student
        assert course.pending(student) == set(), student


UNREADABLE = {
    "empty": (b"", "está vacío"),
    "not_json": (b"\x7fELF no soy un notebook", "no se puede leer como JSON"),
    "binary": (b"\xff\xfe\x00\x01" * 100, "no es texto en UTF-8"),
    "list": (b"[1, 2, 3]", "no tiene una lista de celdas"),
    "nested": (b'{"cells":' + b"[" * 200_000, "no se puede leer como JSON"),
    "chapter": (b'{"cells": [], "nbformat": 4}', "no tiene celdas de solución"),
}


def test_unreadable_submissions_wait_for_a_person_and_nobody_else_is_affected(made_up_course):
    course = made_up_course
    course.submit("perfect", perfect(course))
    for student, (content, _) in UNREADABLE.items():
        course.submit(student, content)
    course.grade()
    for student, (_, words) in UNREADABLE.items():
        assert set(course.scores(student).values()) == {0.0}
        assert course.pending(student) == {f"check_{name}" for name in IDS}
        assert words in course.page(student)
    assert set(course.scores("perfect").values()) == {10.0}


def test_a_heavy_notebook_is_graded_with_a_notice(made_up_course):
    course = made_up_course
    notebook = perfect(course)
    heavy = {"output_type": "stream", "name": "stdout", "text": "x" * 40_000_000}
    edit(notebook, FIRST, lambda cell: cell.update(outputs=[heavy]))
    course.submit("heavy", notebook)
    course.config.SubmissionExporter.max_bytes = 45_000_000
    course.grade()
    assert set(course.scores("heavy").values()) == {10.0}
    assert "pesa 40 MB" in course.page("heavy")
    autograded = course.root / "autograded" / "heavy" / UNIT.slug / f"{UNIT.slug}.ipynb"
    assert autograded.stat().st_size < 100_000


def test_a_notebook_over_the_limit_waits_for_a_person(made_up_course):
    course = made_up_course
    course.submit("huge", perfect(course))
    course.config.SubmissionExporter.max_bytes = 1000
    course.grade()
    assert "el máximo es 0,001 MB" in course.page("huge")
    assert course.pending("huge") == {f"check_{name}" for name in IDS}


def test_a_failing_judge_costs_nothing_and_touches_no_other_exercise(made_up_course):
    course = made_up_course
    course.submit("ana", perfect(course, **{SECOND: "explota = 1", THIRD: "nan = 1"}))
    course.grade()
    assert course.scores("ana") == {
        f"check_{FIRST}": 10.0,
        f"check_{SECOND}": None,
        f"check_{THIRD}": None,
    }
    assert course.pending("ana") == {f"check_{SECOND}", f"check_{THIRD}"}
    page = course.page("ana")
    assert "no pierdes puntos por esto" in page and "Pendiente de revisión" in page
    assert "el juez se cayó" not in page


def test_a_score_never_passes_the_points_of_its_cell(made_up_course):
    course = made_up_course
    course.submit("ana", perfect(course, **{FIRST: "mucho = 1"}))
    course.grade()
    assert course.scores("ana")[f"check_{FIRST}"] == 10.0


def test_a_deleted_solution_is_zero_only_there(made_up_course):
    course = made_up_course
    notebook = perfect(course)
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") != FIRST
    ]
    course.submit("ana", notebook)
    course.grade()
    assert course.scores("ana") == {
        f"check_{FIRST}": 0.0,
        f"check_{SECOND}": 10.0,
        f"check_{THIRD}": 10.0,
    }
    assert "no está en tu entrega" in course.page("ana")


def test_extra_files_never_reach_the_graded_folder(made_up_course):
    course = made_up_course
    extra = {"cupy.py": "1 / 0", "sitecustomize.py": "1 / 0", "numba/__init__.py": "1 / 0"}
    course.submit("ana", perfect(course), extra)
    course.grade()
    assert set(course.scores("ana").values()) == {10.0}
    folder = course.root / "autograded" / "ana" / UNIT.slug
    assert [path.name for path in folder.rglob("*.py")] == []


def test_grading_again_keeps_what_a_person_wrote(made_up_course):
    from nbgrader.api import Gradebook

    course = made_up_course
    course.submit("ana", perfect(course, **{FIRST: "mal = 1"}))
    course.grade()
    with Gradebook(course._database) as gradebook:
        grade = gradebook.find_grade(f"check_{FIRST}", UNIT.slug, UNIT.slug, "ana")
        grade.manual_score = 7.0
        comment = gradebook.find_comment(FIRST, UNIT.slug, UNIT.slug, "ana")
        comment.manual_comment = "<b>Hablemos</b>"
        gradebook.db.commit()
    assert course.autograde()["success"] and course.feedback()["success"]
    page = course.page("ana")
    assert "27 de 30" in page and "7 de 10" in page
    assert "&lt;b&gt;Hablemos&lt;/b&gt;" in page and "<b>Hablemos" not in page


def test_the_page_explains_in_spanish_and_escapes_what_the_student_wrote(made_up_course):
    course = made_up_course
    wrong = good(FIRST).replace("# bien", "# <script>alert(1)</script>")
    course.submit("ana", perfect(course, **{FIRST: wrong}))
    course.grade()
    page = course.page("ana")
    assert '<html lang="es">' in page and "Content-Security-Policy" in page
    assert "El resultado &lt;no&gt; es el esperado." in page
    assert page.count('class="marked"') == page.count('class="marked" data-line="5"') == 1
    assert "<script" not in page and "&lt;script&gt;alert(1)" in page
    assert "0 de 10" in page and "20 de 30" in page
    for english in ("Score", "Comments", "Student", "Test cell"):
        assert english not in page


def test_the_graded_notebook_holds_no_solution_of_the_teacher(made_up_course):
    course = made_up_course
    course.submit("ana", {"cells": [], "nbformat": 4, "metadata": {}})
    course.grade()
    folder = course.root / "autograded" / "ana" / UNIT.slug
    assert "secret_answer" not in (folder / f"{UNIT.slug}.ipynb").read_text(encoding="utf-8")
    assert "secret_answer" not in course.page("ana")


def test_export_writes_a_row_a_student(made_up_course):
    course = made_up_course
    course.submit("ana", perfect(course))
    course.grade()
    header, row = course.export().splitlines()
    assert header.startswith('"tarea","fecha_limite","entregado","estudiante"')
    assert '"ana"' in row and row.endswith('30.0,0.0,30.0,30.0,"no"')


def test_a_renamed_notebook_is_graded(made_up_course):
    course = made_up_course
    course.submit("ana", perfect(course))
    course.collect()
    folder = course.root / "submitted" / "ana" / UNIT.slug
    (folder / f"{UNIT.slug}.ipynb").rename(folder / f"{UNIT.slug} (1).ipynb")
    (folder / "otro.ipynb").write_text("{}", encoding="utf-8")
    assert course.autograde()["success"]
    assert set(course.scores("ana").values()) == {10.0}
    assert (folder / "otro.ipynb").exists() and (folder / f"{UNIT.slug} (1).ipynb").exists()


def test_a_submission_without_notebook_is_reported_and_the_rest_goes_on(made_up_course):
    course = made_up_course
    course.submit("ana", perfect(course))
    course.submit("luis", perfect(course), {"respuestas.txt": "el kernel"})
    inbound = course.root / "exchange" / "urdimbre" / "inbound"
    (sent,) = inbound.glob("luis+*")
    (sent / f"{UNIT.slug}.ipynb").unlink()
    log = course.api.collect(UNIT.slug)["log"]
    assert "La entrega de «luis» no trae ningún notebook" in log and "respuestas.txt" in log
    assert "de «ana»" not in log
    assert course.autograde()["success"]
    assert set(course.scores("ana").values()) == {10.0}


def test_the_grading_interface_keeps_its_own_template(made_up_course):
    course = made_up_course
    course.submit("ana", perfect(course))
    course.config.HTMLExporter.template_name = "formgrade"
    course.config.HTMLExporter.extra_template_basedirs = [str(course.root)]
    course.grade()
    assert "La entrega está bien." in course.page("ana")


def with_essay(course) -> None:
    """Añade al notebook del docente una pregunta de respuesta escrita y lo publica otra vez."""
    path = course.root / "solutions" / UNIT.slug / f"{UNIT.slug}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    marks = {"grade": True, "grade_id": "essay", "locked": False, "points": 5, "solution": True}
    metadata = {"nbgrader": marks | {"schema_version": 3, "task": False}}
    cell = {"cell_type": "markdown", "id": "essay001", "metadata": metadata, "source": ["Secreto"]}
    notebook["cells"].append(cell)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    course.api.generate_assignment(UNIT.slug)


def test_a_written_answer_waits_for_a_person(made_up_course):
    course = made_up_course
    with_essay(course)
    assert "ESCRIBE TU RESPUESTA AQUÍ" in course.release.read_text(encoding="utf-8")
    course.submit("ana", perfect(course, essay="Porque <i>sí</i>."))
    course.submit("luis", perfect(course))
    course.grade()
    assert course.scores("ana")["essay"] is None and course.pending("ana") == {"essay"}
    assert course.scores("luis")["essay"] == 0.0 and course.pending("luis") == set()
    assert "Porque &lt;i&gt;sí&lt;/i&gt;." in course.page("ana")
    assert "La califica una persona." in course.page("ana")
    assert "Sin respuesta" in course.page("luis") and "Secreto" not in course.page("luis")
