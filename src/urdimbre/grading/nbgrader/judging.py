"""Segundo paso de ``autograde``: el juez lee cada solución y su veredicto queda en el notebook.

Ninguna celda se ejecuta aquí. El juez corre en otro proceso por ejercicio: que uno falle no
afecta a los demás.
"""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum, is_solution
from traitlets import DottedObjectName
from traitlets.utils.importstring import import_item

from urdimbre.grading.messages import compose
from urdimbre.grading.nbgrader.verdicts import (
    UNSCORED,
    UNSCORED_MESSAGE,
    checked,
    judged_exercise,
    without_report,
)
from urdimbre.grading.report import Report

ABSENT = "Esta celda de solución no está en tu entrega."
JUDGE_FAILED = "El juez falló en «%s» de «%s»; queda para revisión. %s"


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
            return without_report("missing", notes["message"], review=True)
        if solution is None or "missing" in solution.metadata.get("urdimbre", {}):
            return without_report("missing", ABSENT)
        if solution.metadata["nbgrader"].get("checksum") == compute_checksum(solution):
            return without_report("failed", compose("not_written"))
        return self._judged(exercise_id, solution.source, resources["nbgrader"]["student"])

    def _judged(self, exercise_id: str, source: str, student: str) -> dict[str, Any]:
        """Lo que dice el juez; si falla, queda en el registro y espera a una persona."""
        try:
            raw = import_item(self.judge)(exercise_id, source).to_dict()
            verdict = checked(raw)
        except Exception:
            self.log.exception(JUDGE_FAILED, exercise_id, student, "")
            return without_report(UNSCORED, UNSCORED_MESSAGE, review=True)
        if verdict["outcome"] == UNSCORED:
            self.log.error(JUDGE_FAILED, exercise_id, student, raw.get("message", ""))
        return verdict


def _grade_id(cell: NotebookNode) -> str:
    return cell.metadata["nbgrader"]["grade_id"]


def _write(cell: NotebookNode, verdict: dict[str, Any]) -> None:
    """El veredicto, en los metadatos; y como salida, para quien revisa a mano."""
    cell.metadata["urdimbre"] = {"verdict": verdict}
    data = {"text/plain": "\n".join(filter(None, (verdict["message"], verdict["detail"])))}
    if verdict["report"]:
        report = Report.from_dict(verdict["report"])
        data = {"text/plain": str(report), "text/html": report._repr_html_()}
    cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
