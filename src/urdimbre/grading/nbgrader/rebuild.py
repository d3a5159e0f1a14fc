"""Poner las soluciones entregadas dentro del notebook publicado.

De la entrega no sobrevive nada más: ni celdas añadidas, ni orden, ni etiquetas, ni salidas, ni
metadatos. Así ninguna marca que el estudiante escriba en el archivo llega a la calificación.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_solution
from traitlets import Integer, Unicode

from urdimbre.errors import ExerciseError, SubmissionError
from urdimbre.exercises import get
from urdimbre.grading.nbgrader import submission
from urdimbre.grading.nbgrader.borrowed import with_borrowed
from urdimbre.grading.nbgrader.submission import MAX_BYTES, Submission, find_solution

UNPUBLISHED = (
    "No está la versión publicada «{path}». "
    "Créala con: nbgrader generate_assignment {assignment} --force"
)


class SubmissionExporter(NotebookExporter):
    """Abre cualquier archivo como entrega; lo que no se pueda leer queda anotado, no falla."""

    max_bytes = Integer(MAX_BYTES, help="Tamaño máximo de una entrega, en bytes.").tag(config=True)

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """Convierte ``filename``; la entrega leída viaja en ``resources["submission"]``."""
        resources = {} if resources is None else resources
        path = Path(filename)
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        resources["submission"] = submission.read_submission(path, max_bytes=self.max_bytes)
        return self.from_notebook_node(self._opened(path), resources=resources, **kw)

    def _opened(self, path: Path) -> NotebookNode:
        """El notebook ya reconstruido; en el primer paso, uno vacío: nada de la entrega vale."""
        if any(isinstance(step, RebuildSubmission) for step in self._preprocessors):
            return nbformat.v4.new_notebook()
        return nbformat.read(path, as_version=4)


class RebuildSubmission(NbGraderPreprocessor):
    """Primer paso de ``autograde``: el notebook publicado con las soluciones entregadas."""

    missing_notice = Unicode(
        "# Esta celda no estaba en tu entrega (id: {cell_id}).\n",
        help="Texto que encabeza una celda de solución que el estudiante borró.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Descarta ``nb`` y devuelve el notebook publicado con las soluciones puestas."""
        received: Submission = resources["submission"]
        rebuilt = self._released(resources["nbgrader"])
        found = [self._fill(cell, received) for cell in rebuilt.cells if is_solution(cell)]
        rebuilt.metadata["urdimbre"] = _notes(received, any(found))
        if message := rebuilt.metadata["urdimbre"]["message"]:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], message)
        return rebuilt, resources

    def _released(self, names: dict[str, str]) -> NotebookNode:
        coursedir = self.parent.parent.coursedir  # del exportador al conversor Autograde
        folder = coursedir.format_path(coursedir.release_directory, ".", names["assignment"])
        path = Path(folder, f"{names['notebook']}.ipynb")
        if not path.is_file():
            message = UNPUBLISHED.format(path=path, assignment=names["assignment"])
            self.log.error(message)
            raise SubmissionError(message)
        return nbformat.read(path, as_version=4)

    def _fill(self, cell: NotebookNode, received: Submission) -> bool:
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        symbols = symbols_of(grade_id)
        found = find_solution(received.cells, grade_id, symbols, stub=cell.source)
        if not found:
            cell.source = self.missing_notice.format(cell_id=grade_id) + cell.source
            cell.metadata["urdimbre"] = {"missing": True}
        elif cell.cell_type == "code":
            cell.source = with_borrowed(found, received.cells, symbols)
        else:
            cell.source = found
        return bool(found)


def symbols_of(exercise_id: str) -> tuple[str, ...]:
    """Los nombres que define un ejercicio del catálogo; vacío si la celda no es de uno."""
    try:
        return get(exercise_id).symbols
    except ExerciseError:
        return ()


def _notes(received: Submission, any_solution: bool) -> dict[str, str]:
    if received.problem or any_solution:
        return {"problem": received.problem, "message": received.message}
    return {"problem": "no_solutions", "message": submission.PROBLEMS["no_solutions"]}
