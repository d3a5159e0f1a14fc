"""Segundo paso de ``autograde``: el juez lee cada solución y su veredicto queda en el notebook.

Ninguna celda se ejecuta aquí. El juez corre en otro proceso por ejercicio: que uno falle no
afecta a los demás.
"""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_solution
from traitlets import DottedObjectName
from traitlets.utils.importstring import import_item

from urdimbre.grading.nbgrader.verdicts import (
    UNSCORED,
    UNSCORED_MESSAGE,
    checked,
    judged_exercise,
    without_score,
)

ABSENT = "Esta celda de solución no está en tu entrega."
JUDGE_FAILED = "El juez falló en «%s» de «%s»; queda para revisión."


class JudgeExercises(NbGraderPreprocessor):
    """Pide al juez el veredicto de cada ejercicio y lo escribe junto a su celda de comprobación."""

    judge = DottedObjectName(
        "urdimbre.grading.judge", help="Función ``judge(exercise_id, source) -> Verdict``."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Deja en ``resources["verdicts"]`` el veredicto de cada celda de comprobación."""
        solutions = {_grade_id(cell): cell for cell in nb.cells if is_solution(cell)}
        notes = nb.metadata.get("urdimbre", {})
        resources["verdicts"] = {}
        for cell in nb.cells:
            if exercise_id := judged_exercise(cell):
                verdict = self._verdict(exercise_id, solutions.get(exercise_id), notes, resources)
                resources["verdicts"][_grade_id(cell)] = verdict
                _write(cell, verdict)
        return nb, resources

    def _verdict(
        self, exercise_id: str, solution: NotebookNode | None, notes: dict, resources: Any
    ) -> dict[str, Any]:
        if notes.get("problem"):
            return without_score("missing", notes["message"], review=True)
        if solution is None or "missing" in solution.metadata.get("urdimbre", {}):
            return without_score("missing", ABSENT)
        try:
            return checked(import_item(self.judge)(exercise_id, solution.source).to_dict())
        except Exception:
            self.log.exception(JUDGE_FAILED, exercise_id, resources["nbgrader"]["student"])
            return without_score(UNSCORED, UNSCORED_MESSAGE, review=True)


def _grade_id(cell: NotebookNode) -> str:
    return cell.metadata["nbgrader"]["grade_id"]


def _write(cell: NotebookNode, verdict: dict[str, Any]) -> None:
    """El veredicto, en los metadatos; y su texto, como salida, para quien califica a mano."""
    cell.metadata["urdimbre"] = {"verdict": verdict}
    cell.outputs = [nbformat.v4.new_output("display_data", data={"text/plain": verdict["message"]})]
