"""Guardar en el libro de notas lo que dijo el juez, y nada más.

La nota de una celda es ``score del juez x puntos de la celda``. Las salidas no se leen.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Grade, MissingEntry
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import compute_checksum, is_solution

from urdimbre.grading.nbgrader.verdicts import UNSCORED

NO_ANSWER = "Sin respuesta: la celda está como se publicó."
NOT_IN_GRADEBOOK = (
    "La celda «%s» no está en el libro de notas. "
    "Créala de nuevo con: nbgrader generate_assignment %s"
)


class SaveJudgeScores(SaveAutoGrades):
    """Último paso de ``autograde``: escribe notas y comentarios en el libro de notas."""

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        try:
            grade = self.gradebook.find_grade(
                grade_id, self.notebook_id, self.assignment_id, self.student_id
            )
        except MissingEntry:
            self.log.error(NOT_IN_GRADEBOOK, grade_id, self.assignment_id)
            return
        _store(grade, cell, resources["verdicts"].get(grade_id))
        self.gradebook.db.commit()

    def _add_comment(self, cell: NotebookNode, resources: Any) -> None:
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        comment = self.gradebook.find_comment(
            grade_id, self.notebook_id, self.assignment_id, self.student_id
        )
        comment.auto_comment = NO_ANSWER if _unanswered(cell) else None
        self.gradebook.db.commit()


def _store(grade: Grade, cell: NotebookNode, verdict: dict[str, Any] | None) -> None:
    """Pone la nota automática, o pide revisión humana sin tocar la que hubiera.

    Sin veredicto (una respuesta escrita, o una celda que no es del catálogo) siempre hay revisión,
    salvo que el estudiante no haya respondido.
    """
    if verdict is None:
        grade.auto_score = 0.0 if is_solution(cell) and _unanswered(cell) else None
    elif verdict["outcome"] != UNSCORED:
        grade.auto_score = verdict["score"] * grade.max_score
    review = verdict is not None and verdict["review"]
    grade.needs_manual_grade = review or grade.auto_score is None or grade.manual_score is not None


def _unanswered(cell: NotebookNode) -> bool:
    return cell.metadata["nbgrader"].get("checksum") == compute_checksum(cell)
