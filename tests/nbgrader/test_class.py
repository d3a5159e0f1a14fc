"""Una clase entera: de la tarea publicada a las notas exportadas, con el juez de verdad.

Cada falsificación va sobre soluciones malas: debe valer lo que valen ellas. La última prueba corre
las mismas entregas con nbgrader de fábrica, que les da la nota completa: así se ve que separan.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from urdimbre.grading import messages
from urdimbre.grading.messages import OUTCOMES

REPOSITORY = Path(__file__).parents[2]
U01, U04 = "u01_execution_model", "u04_shared_memory"
CHECKED = ("thread_ids", "global_index_1d", "launch_config")


def text(kind: str, unit: str, exercise: str, name: str = "") -> str:
    """Una solución, una variante o un mutante de los que ya están en el repositorio."""
    path = Path(unit, exercise, name) if name else Path(unit, exercise)
    return (REPOSITORY / kind / path).with_suffix(".py").read_text(encoding="utf-8")


def what(code: str) -> str:
    """La frase que la página debe decir para un código de resultado."""
    return messages.text(code).what


def mutant(unit: str, exercise: str, name: str) -> str:
    return text("tests/mutants", unit, exercise, name)


RIGHT = {name: text("solutions", U01, name) for name in CHECKED}
WRONG = {
    "global_index_1d": mutant(U01, "global_index_1d", "serial_one_thread"),
    "launch_config": mutant(U01, "launch_config", "ignores_n"),
}
DESERVED = (0.0, 8.0, 0.0)
NOISY = """\
import sys
import warnings

warnings.warn("esto sale por la salida de errores")
print("y esto también", file=sys.stderr)
"""


def noisy(source: str) -> str:
    """La misma solución, con avisos al cargarse y, si es de Python, también al llamarla."""
    inside = '    print("y esto, en cada llamada", file=sys.stderr)\n'
    marker = "    ### BEGIN"
    return NOISY + (source if "cuda" in source else source.replace(marker, inside + marker))


HONEST_VARIANT = {
    "thread_ids": text("tests/variants", U01, "thread_ids", "cuda_grid"),
    "global_index_1d": text("tests/variants", U01, "global_index_1d", "early_return"),
    "launch_config": text("tests/variants", U01, "launch_config", "divmod_list"),
}
LOOP = "    while True:\n        pass\n"
ENDLESS = RIGHT["thread_ids"].replace("    ### BEGIN", f"{LOOP}    ### BEGIN")
CRASH = "import os\n\n\ndef launch_config(n, max_threads):\n    os._exit(0)\n"


def graded_cell(notebook: dict, grade_id: str) -> dict:
    cells = notebook["cells"]
    return next(c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def checks(notebook: dict) -> list[dict]:
    return [graded_cell(notebook, f"check_{name}") for name in CHECKED]


def run_first(code: str) -> Callable[[dict], None]:
    """Falsificación que corre Python antes de los ejercicios y también dentro de cada uno."""

    def change(notebook: dict) -> None:
        lines = textwrap.dedent(code).strip().splitlines(keepends=True)
        cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        notebook["cells"].insert(3, cell | {"id": "forged01", "source": lines})
        solution = graded_cell(notebook, "launch_config")
        solution["source"] = [*lines, "\n\n", *solution["source"]]

    return change


def skip_checks(notebook: dict) -> None:
    for cell in checks(notebook):
        cell["metadata"]["tags"] = ["skip-execution"]


def delete_checks(notebook: dict) -> None:
    for cell in checks(notebook):
        notebook["cells"].remove(cell)


def checks_first(notebook: dict) -> None:
    moved = checks(notebook)
    delete_checks(notebook)
    notebook["cells"][3:3] = moved


def checks_as_text(notebook: dict) -> None:
    for kind, cell in zip(("raw", "markdown", "raw"), checks(notebook), strict=True):
        cell["cell_type"] = kind
        del cell["outputs"], cell["execution_count"]


def more_points(notebook: dict) -> None:
    for cell in checks(notebook):
        cell["metadata"]["nbgrader"] |= {"points": 1000, "solution": True, "locked": False}
        result = {"output_type": "execute_result", "data": {"text/plain": "1000.0"}}
        cell["outputs"] = [result | {"execution_count": 1, "metadata": {}}]


def show_a_grade(value: str) -> Callable[[dict], None]:
    """Muestra un número antes de que la comprobación falle: nbgrader lo toma por la nota."""
    return run_first(
        f"""
        shell = get_ipython()
        shell.events.register("pre_run_cell", lambda info: shell.displayhook({value}))
        """
    )


def equal_to_everything(notebook: dict) -> None:
    cell = graded_cell(notebook, "thread_ids")
    cell["source"] = """\
class Always:
    passed, score = True, 1.0

    def __eq__(self, other):
        return True

    def __array__(self, *args, **kwargs):
        raise StopIteration

    def __getattr__(self, name):
        return Always()

    def __call__(self, *args):
        return Always()


thread_ids = global_index_1d = launch_config = Always()
check = Always()
""".splitlines(keepends=True)


FORGERIES = {
    "a01_skip_execution": skip_checks,
    "a02_displayhook": show_a_grade("10.0"),
    "a03_nan": show_a_grade("float('nan')"),
    "a04_input_transformers": run_first(
        "get_ipython().input_transformers_post.append(lambda lines: ['10\\n'])"
    ),
    "a05_do_execute": run_first(
        """
        async def done(*args, **kwargs):
            return {"status": "ok", "execution_count": 1, "user_expressions": {}, "payload": []}

        get_ipython().kernel.do_execute = done
        get_ipython().run_cell = lambda *args, **kwargs: None
        """
    ),
    "a06_ast_transformers": run_first(
        """
        import ast

        class Quiet(ast.NodeTransformer):
            def visit_Expr(self, node):
                return ast.Pass()

        get_ipython().ast_transformers.append(Quiet())
        """
    ),
    "a07_equality": equal_to_everything,
    "a11_deleted_checks": delete_checks,
    "a12_moved_checks": checks_first,
    "a13_checks_as_text": checks_as_text,
    "a14_more_points": more_points,
}


class Entry(NamedTuple):
    """Una entrega: lo que se escribió, las notas que merece y palabras de su devolución."""

    answers: dict[str, str]
    scores: tuple[float, float, float]
    words: tuple[str, ...]
    change: Callable[[dict], None] = lambda notebook: None


CLASS = {
    "perfect": Entry(RIGHT, (10.0, 10.0, 10.0), (OUTCOMES["passed"], "30 de 30")),
    "stub": Entry({}, (0.0, 0.0, 0.0), (what("not_written"), "0 de 30")),
    "variant": Entry(HONEST_VARIANT, (10.0, 10.0, 10.0), ("30 de 30",)),
    "noisy": Entry(
        {name: noisy(source) for name, source in RIGHT.items()}, (10.0, 10.0, 10.0), ("30 de 30",)
    ),
    "endless": Entry(
        RIGHT | {"thread_ids": ENDLESS}, (0.0, 10.0, 10.0), (what("loop_budget"), "Línea 6")
    ),
    "crash": Entry(
        RIGHT | {"launch_config": CRASH},
        (10.0, 10.0, 0.0),
        (OUTCOMES["crash"], "20 de 30"),
    ),
    "syntax": Entry(
        {"thread_ids": "def thread_ids(:"}, (0.0, 0.0, 0.0), ("no es Python válido", "Línea 1")
    ),
    "out_of_range": Entry(
        {"global_index_1d": mutant(U01, "global_index_1d", "missing_guard")},
        (0.0, 5.0, 0.0),
        (what("out_of_bounds"), "5 de 10"),
    ),
    **{
        name: Entry(WRONG, DESERVED, (what("over_limit:global_store_requests"), "8 de 30"), change)
        for name, change in FORGERIES.items()
    },
}
SHARED_CLASS = {
    "race": (
        {"block_reverse": mutant(U04, "block_reverse", "missing_barrier")},
        {"check_block_reverse": 5.0},
        (what("race"), 'class="marked" data-line="18"'),
    ),
    "variant": (
        {"block_reverse": text("tests/variants", U04, "block_reverse", "reversed_store")},
        {"check_block_reverse": 10.0},
        (OUTCOMES["passed"],),
    ),
}


def plugged(entry: Entry, course) -> dict:
    notebook = course.filled(entry.answers)
    entry.change(notebook)
    return notebook


@pytest.fixture(scope="module")
def graded(real_courses):
    """La clase entera, ya calificada y con su devolución escrita."""
    first, shared = real_courses[U01], real_courses[U04]
    for student, entry in CLASS.items():
        first.submit(student, plugged(entry, first), {"numba.py": "1 / 0", "cupy.py": "1 / 0"})
    for student, (answers, _, _) in SHARED_CLASS.items():
        shared.submit(student, shared.filled(answers))
    first.grade()
    shared.grade()
    return real_courses


@pytest.mark.parametrize("student", CLASS)
def test_each_submission_gets_what_it_deserves(graded, student):
    expected = {f"check_{k}": v for k, v in zip(CHECKED, CLASS[student].scores, strict=True)}
    assert graded[U01].scores(student) == expected
    assert graded[U01].pending(student) == set()


@pytest.mark.parametrize("student", CLASS)
def test_each_page_says_what_happened(graded, student):
    page = graded[U01].page(student)
    for words in CLASS[student].words:
        assert words in page
    assert "Unidad 1: El modelo de ejecución" in page


@pytest.mark.parametrize("student", SHARED_CLASS)
def test_a_race_costs_the_clean_layer_and_shows_its_line(graded, student):
    _, scores, words = SHARED_CLASS[student]
    stored = graded[U04].scores(student)
    assert {name: score for name, score in stored.items() if score} == scores
    for expected in words:
        assert expected in graded[U04].page(student)


def test_the_exported_grades_are_the_stored_ones(graded):
    rows = list(csv.DictReader(io.StringIO(graded[U01].export())))
    found = {row["estudiante"]: float(row["nota"]) for row in rows if row["tarea"] == U01}
    expected = {student: sum(entry.scores) for student, entry in CLASS.items()}
    assert found == expected | {"race": 0.0}
    shared = {row["estudiante"]: float(row["nota"]) for row in rows if row["tarea"] == U04}
    assert (shared["race"], shared["variant"], shared["perfect"]) == (5.0, 10.0, 0.0)


PLAIN = {
    "perfect": {10.0},
    "wrong": {0.0},
    "a01_skip_execution": {10.0},
    "a02_displayhook": {10.0},
    "a03_nan": {10.0},
    "a04_input_transformers": {10.0},
    "a05_do_execute": {10.0},
    "a07_equality": {10.0},
}


@pytest.fixture
def plain(real_courses, tmp_path, monkeypatch):
    """La misma unidad en un curso con nbgrader de fábrica, que ejecuta lo entregado."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY / "src"))
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    config.CourseDirectory.source_directory = "solutions"
    config.Exchange.root = str(tmp_path)
    config.ExecutePreprocessor.startup_timeout = 120
    shutil.copytree(real_courses[U01].root / "solutions" / U01, tmp_path / "solutions" / U01)
    api = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
    assert api.generate_assignment(U01)["success"]
    return api


def test_plain_nbgrader_gives_these_forgeries_full_marks(plain, real_courses):
    """Lo que separa a las pruebas de arriba: sin este juez, la mentira vale diez."""
    root = Path(plain.coursedir.root)
    found = {}
    for student in PLAIN:
        entry = CLASS.get(student, Entry(WRONG, DESERVED, ()))
        path = root / "submitted" / student / U01 / f"{U01}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(plugged(entry, real_courses[U01])), encoding="utf-8")
        assert plain.autograde(U01, student)["success"]
        with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
            grades = gradebook.find_submission_notebook(U01, U01, student).grades
            found[student] = {grade.auto_score for grade in grades}
    assert found == PLAIN
