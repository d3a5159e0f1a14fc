"""Un curso de mentira en una carpeta temporal, con la configuración de verdad."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("nbgrader")

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory
from nbgrader.plugins import ExportPlugin
from traitlets.utils.importstring import import_item

from urdimbre.exercises import UNITS, in_unit
from urdimbre.exercises.spec import STUB_BODY
from urdimbre.grading.nbgrader import build

REPOSITORY = Path(__file__).parents[2]
UNIT = UNITS[0]
BODY = "    ### BEGIN SOLUTION\n    secret_answer = 42\n    ### END SOLUTION"


def pytest_itemcollected(item):
    """nbgrader avisa, en cada entrega, de un detalle de su base de datos que no nos toca."""
    item.add_marker(pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning"))


def fill(notebook: dict, answers: dict[str, str]) -> dict:
    """El mismo notebook, con esas respuestas en las celdas de solución."""
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            cell["source"] = answers[grade_id].splitlines(keepends=True)
    return notebook


class Course:
    """Un curso con docente y estudiantes que comparten una carpeta de intercambio."""

    def __init__(self, root: Path, unit: str):
        self.root, self.unit = root, unit
        shutil.copy(REPOSITORY / "nbgrader_config.py", root)
        self.config = build.course_config(root)
        self.config.CourseDirectory.root = str(root)
        self.config.Exchange.root = str(root / "exchange")
        self.config.Exchange.cache = str(root / "cache")
        self.api = NbGraderAPI(coursedir=CourseDirectory(config=self.config), config=self.config)

    @property
    def release(self) -> Path:
        return self.root / "exercises" / self.unit / f"{self.unit}.ipynb"

    def notebook(self) -> dict:
        """Una copia del notebook publicado, para llenarla."""
        return json.loads(self.release.read_text(encoding="utf-8"))

    def filled(self, answers: dict[str, str]) -> dict:
        """El notebook publicado, con esas respuestas en sus celdas de solución."""
        return fill(self.notebook(), answers)

    def publish(self) -> None:
        for step in (self.api.generate_assignment, self.api.release_assignment):
            result = step(self.unit)
            assert result["success"], result

    def submit(self, student: str, content: bytes | dict, extra: dict[str, str] | None = None):
        """El estudiante baja la tarea, pone su notebook y la entrega."""
        home = self.root / "home" / student
        home.mkdir(parents=True, exist_ok=True)
        self._exchange("FetchAssignment", student, home)
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        (home / self.unit / f"{self.unit}.ipynb").write_bytes(raw)
        for name, text in (extra or {}).items():
            path = home / self.unit / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self._exchange("Submit", student, home)

    def _exchange(self, step: str, student: str, home: Path) -> None:
        config = copy.deepcopy(self.config)
        config.CourseDirectory.assignment_id = self.unit
        config.CourseDirectory.student_id = student
        config[f"Exchange{step}"].assignment_dir = str(home)
        factory = ExchangeFactory(config=config)
        exchange = getattr(factory, step)(
            coursedir=CourseDirectory(config=config), authenticator=Authenticator(), config=config
        )
        exchange.start()

    def collect(self) -> None:
        result = self.api.collect(self.unit)
        assert result["success"], result

    def autograde(self, student: str = "*") -> dict:
        return self.api.autograde(self.unit, student)

    def feedback(self) -> dict:
        return self.api.generate_feedback(self.unit)

    def grade(self) -> None:
        """Recoge, califica y escribe la devolución de todos."""
        self.collect()
        for result in (self.autograde(), self.feedback()):
            assert result["success"], result

    def scores(self, student: str) -> dict[str, float | None]:
        """Celda de comprobación -> nota automática guardada."""
        with Gradebook(self._database) as gradebook:
            found = gradebook.find_submission_notebook(self.unit, self.unit, student)
            return {grade.name: grade.auto_score for grade in found.grades}

    def pending(self, student: str) -> set[str]:
        """Celdas que esperan a una persona."""
        with Gradebook(self._database) as gradebook:
            found = gradebook.find_submission_notebook(self.unit, self.unit, student)
            return {grade.name for grade in found.grades if grade.needs_manual_grade}

    @property
    def _database(self) -> str:
        return f"sqlite:///{self.root / 'gradebook.db'}"

    def page(self, student: str) -> str:
        path = self.root / "feedback" / student / self.unit / f"{self.unit}.html"
        return path.read_text(encoding="utf-8")

    def export(self) -> str:
        path = self.root / "notas.csv"
        plugin_class = import_item(self.config.ExportApp.plugin_class)
        assert issubclass(plugin_class, ExportPlugin)
        with Gradebook(self._database) as gradebook:
            plugin_class(to=str(path)).export(gradebook)
        return path.read_text(encoding="utf-8-sig")


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Path:
    """La carpeta de un curso ya publicado: la primera unidad, con soluciones inventadas."""
    root = tmp_path_factory.mktemp("published")
    course = Course(root, UNIT.slug)
    folder = root / "solutions" / UNIT.slug
    folder.mkdir(parents=True)
    for exercise in in_unit(UNIT.slug):
        (folder / f"{exercise.id}.py").write_text(solved(exercise.stub), encoding="utf-8")
    build.write(root, [UNIT])
    course.publish()
    return root


def solved(stub: str) -> str:
    """Una celda de docente a partir de la que recibe el estudiante."""
    written = "\n".join(f"    {line}" for line in STUB_BODY.splitlines())
    assert written in stub
    return stub.replace(written, BODY)


@pytest.fixture(scope="session")
def real_courses(tmp_path_factory) -> dict[str, Course]:
    """Las unidades 1 y 4 de verdad, en una misma carpeta y con un mismo libro de notas."""
    root = tmp_path_factory.mktemp("class")
    courses = {}
    for slug in ("u01_execution_model", "u04_shared_memory"):
        shutil.copytree(REPOSITORY / "solutions" / slug, root / "solutions" / slug)
        courses[slug] = Course(root, slug)
        courses[slug].publish()
    return courses


@pytest.fixture
def made_up_course(published, tmp_path) -> Course:
    """Una copia propia del curso publicado."""
    root = tmp_path / "course"
    shutil.copytree(published, root)
    return Course(root, UNIT.slug)
