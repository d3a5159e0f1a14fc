"""La página que recibe el estudiante: qué pasó, en qué línea y qué mirar.

Se escribe con el veredicto guardado por el juez y con la nota del libro de notas. De los datos
con que se corrigió no aparece nada que el informe no diga.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import GetGrades
from nbgrader.utils import is_grade, is_solution
from traitlets.config import Config

from urdimbre.exercises import UNITS, get
from urdimbre.grading import html
from urdimbre.grading.nbgrader.verdicts import (
    judged_exercise,
    layers,
    marked_lines,
    picture,
    tone,
)

WRITTEN = "Respuesta escrita"
UNJUDGED = "La califica una persona."
MAX_LINES = 400
TEMPLATES = Path(__file__).parent / "templates"


class FeedbackExporter(HTMLExporter):
    """Escribe la página con nuestra plantilla, sin tocar la que usa ``formgrader``."""

    @property
    def default_config(self) -> Config:
        """La plantilla «feedback» de este paquete, también si ``HTMLExporter`` dice otra cosa."""
        config = Config(super().default_config)
        config.FeedbackExporter.template_name = "feedback"
        config.FeedbackExporter.extra_template_basedirs = [str(TEMPLATES)]
        return config


class FeedbackPage(GetGrades):
    """Prepara ``resources["feedback"]``, que es todo lo que usa la plantilla."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Trae notas y comentarios del libro de notas y arma la página."""
        nb, resources = super().preprocess(nb, resources)
        totals = resources["nbgrader"]
        resources["feedback"] = {
            "title": _unit_title(totals["notebook"]),
            "score": decimal(totals["score"]),
            "max_score": decimal(totals["max_score"]),
            "late_penalty": totals["late_penalty"] and decimal(totals["late_penalty"]),
            "message": nb.metadata.get("urdimbre", {}).get("message", ""),
            "items": page_items(nb),
        }
        return nb, resources

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        super()._get_score(cell, resources)
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"],
            self.notebook_id,
            self.assignment_id,
            self.student_id,
        )
        cell.metadata["nbgrader"]["pending"] = grade.needs_manual_grade


def page_items(nb: NotebookNode) -> list[dict[str, Any]]:
    """Un bloque por celda calificada, en orden."""
    solutions = {c.metadata["nbgrader"]["grade_id"]: c for c in nb.cells if is_solution(c)}
    return [_item(cell, solutions) for cell in nb.cells if is_grade(cell)]


def _item(cell: NotebookNode, solutions: dict[str, NotebookNode]) -> dict[str, Any]:
    exercise_id = judged_exercise(cell)
    verdict = cell.metadata.get("urdimbre", {}).get("verdict") or {}
    answer = solutions.get(exercise_id, cell)
    marks = cell.metadata["nbgrader"]
    return {
        "anchor": marks["grade_id"],
        "title": get(exercise_id).title if exercise_id else WRITTEN,
        "score": decimal(marks["score"]),
        "points": decimal(marks["points"]),
        "pending": marks["pending"],
        "verdict": verdict.get("message", UNJUDGED),
        "detail": verdict.get("detail", ""),
        "tone": tone(verdict),
        "layers": layers(verdict),
        "picture": picture(verdict),
        "advice": [html.body(text) for text in verdict.get("report", {}).get("advice", [])],
        "lines": numbered(answer.source, marked_lines(verdict)),
        "comment": answer.metadata["nbgrader"].get("comment") or "",
    }


def numbered(source: str, marked: set[int]) -> list[dict[str, Any]]:
    """Las líneas de una solución, con su número y si el informe la señala."""
    return [
        {"number": number, "text": text or " ", "marked": number in marked}
        for number, text in enumerate(source.splitlines()[:MAX_LINES], start=1)
    ]


def decimal(value: float) -> str:
    """Número para leer: dos cifras como mucho y coma decimal."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _unit_title(notebook: str) -> str:
    titles = {unit.slug: f"Unidad {unit.number}: {unit.title}" for unit in UNITS}
    return titles.get(notebook, notebook)
