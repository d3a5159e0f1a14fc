"""Recoger entregas: de la carpeta de intercambio o descargadas de una plataforma.

Cada plataforma nombra a su modo lo que se descarga. Las formas conocidas están en una tabla; otra
se añade con un renglón. El notebook se guarda siempre con el nombre de la tarea.
"""

from __future__ import annotations

import logging
import re
import shutil
from pathlib import Path, PurePath

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.plugins import FileNameCollectorPlugin
from traitlets import Dict

from urdimbre.exercises import UNITS, in_unit
from urdimbre.grading.nbgrader.submission import read_submission

NAME = r"[\w@-][\w.@-]*"
LAYOUTS = (
    # Moodle: «Pérez Ana_4521_assignsubmission_file_/u01.ipynb», o todo en el nombre del archivo
    r"[^/]+_(?P<student_id>\d+)_assignsubmission_file_?([^/]*/)?[^/]+",
    # Canvas: «perezana_4521_98765_u01.ipynb» o «perezana_LATE_4521_98765_u01-1.ipynb»
    r"([^/]+/)?[^/_]+_(LATE_)?(?P<student_id>\d+)_\d+_[^/]+",
    # El estudiante delante del nombre de la tarea: «ana_u01.ipynb»
    rf"([^/]+/)?(?P<student_id>{NAME}?)[_-]{{assignment}}[^/]*",
    # Una carpeta por estudiante: «ana/u01.ipynb»
    rf"(?P<student_id>{NAME})/[^/]+",
)
UNKNOWN_OWNER = (
    "No se recogió «%s»: por su nombre no se sabe de quién es. Formas conocidas: descarga de "
    "Moodle, descarga de Canvas, «estudiante_tarea.ipynb» o una carpeta por estudiante."
)
REPEATED = "No se recogió «%s»: de «%s» ya se recogió «%s». Deja solo una de las dos."
NOT_A_NOTEBOOK = "Se ignora «%s»: no es un notebook."
NO_NOTEBOOK = (
    "La entrega de «%s» no trae ningún notebook: solo %s. No se puede calificar; sigue en «%s»."
)
RENAMED = "La entrega en «%s» no trae «%s»: se califica «%s», que es el que más se le parece."


class PlatformCollector(FileNameCollectorPlugin):
    """De la ruta de un archivo descargado, de quién es y qué notebook es."""

    collected = Dict(help="Lo ya recogido: (estudiante, notebook) -> archivo.")

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Datos de la entrega, o ``None`` si no es un notebook o no se sabe de quién es."""
        path = self._inside(submitted_file)
        if path.suffix not in self.valid_ext or path.name.startswith("."):
            self.log.info(NOT_A_NOTEBOOK, path)
            return None
        student = owner(path, self._assignment)
        if not student:
            self.log.warning(UNKNOWN_OWNER, path)
            return None
        return self._first(student, self._notebook_name(path), path)

    def _first(self, student: str, notebook: str, path: PurePath) -> dict[str, str] | None:
        before = self.collected.setdefault((student, notebook), path)
        if before != path:
            self.log.warning(REPEATED, path, student, before)
            return None
        return {"student_id": student, "file_id": notebook}

    @property
    def _assignment(self) -> str:
        return self.parent.coursedir.assignment_id

    def _inside(self, submitted_file: str) -> PurePath:
        """La ruta desde la carpeta de lo descargado."""
        folder = self.parent._format_collect_path(self.parent.extracted_directory)
        return PurePath(submitted_file).relative_to(folder)

    def _notebook_name(self, path: PurePath) -> str:
        """El nombre de la tarea si aparece en el del archivo; si no, el del archivo."""
        return self._assignment if self._assignment in path.stem else path.stem


def owner(path: PurePath, assignment: str) -> str:
    """Identificador de quien entregó ``path`` (ruta relativa); vacío si no se reconoce."""
    tail = "/".join(path.parts[-2:])
    for layout in LAYOUTS:
        match = re.fullmatch(layout.replace("{assignment}", re.escape(assignment)), tail)
        if match:
            return match["student_id"]
    return ""


class CheckedCollect(ExchangeCollect):
    """``nbgrader collect``, que además avisa de las entregas sin notebook."""

    def copy_files(self) -> None:
        """Copia las entregas nuevas y revisa que cada una traiga un notebook."""
        super().copy_files()
        for record in self.src_records:
            folder = self.coursedir.format_path(
                self.coursedir.submitted_directory,
                record["username"],
                self.coursedir.assignment_id,
            )
            self._warn_if_empty(record["username"], Path(folder))

    def _warn_if_empty(self, student: str, folder: Path) -> None:
        names = sorted(path.name for path in folder.iterdir())
        if not any(name.endswith(".ipynb") for name in names):
            self.log.error(NO_NOTEBOOK, student, ", ".join(names), folder)


def adopt_renamed(assignment: str, student: str, notebooks: list[str]) -> None:
    """Antes de calificar: si el notebook cambió de nombre, usa el que más soluciones trae.

    Copia el archivo con el nombre esperado y cambia ``notebooks`` en su lugar; no borra nada.
    """
    expected = f"{assignment}.ipynb"
    known = assignment in {unit.slug for unit in UNITS}
    if not known or not notebooks or expected in {Path(path).name for path in notebooks}:
        return
    best = max(sorted(notebooks), key=lambda path: _marked_solutions(path, assignment))
    adopted = Path(best).with_name(expected)
    shutil.copy(best, adopted)
    logging.getLogger("traitlets").warning(RENAMED, adopted.parent, expected, Path(best).name)
    notebooks[:] = [str(adopted)]


def _marked_solutions(path: str, unit: str) -> int:
    wanted = {exercise.id for exercise in in_unit(unit)}
    return len(wanted & {cell.grade_id for cell in read_submission(path).cells})
