"""Exportar las notas a un CSV que una hoja de cálculo puede abrir sin peligro.

El exportador de fábrica une los campos con comas, sin comillas. Aquí se usa el módulo ``csv`` y se
neutraliza el texto que una hoja de cálculo tomaría por una fórmula.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.plugins import ExportPlugin

HEADERS = (
    "tarea",
    "fecha_limite",
    "entregado",
    "estudiante",
    "apellidos",
    "nombres",
    "correo",
    "nota_sin_descuento",
    "descuento_por_atraso",
    "nota",
    "nota_maxima",
    "por_revisar",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
DEFAULT_FILE = "calificaciones.csv"


def safe_cell(value: Any) -> str:
    """Texto de una celda del CSV; un apóstrofo delante si una hoja lo leería como fórmula."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


class SafeCsvExport(ExportPlugin):
    """Un renglón por tarea y estudiante, con encabezados en español (``nbgrader export``)."""

    def export(self, gradebook: Gradebook) -> None:
        """Escribe ``--to`` (o ``calificaciones.csv``) en UTF-8, con marca para hojas de cálculo."""
        path = self.to or DEFAULT_FILE
        with open(path, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
            writer.writerow(HEADERS)
            writer.writerows(self._rows(gradebook))
        self.log.info("Notas exportadas a %s", path)

    def _rows(self, gradebook: Gradebook) -> Iterator[list[Any]]:
        for assignment in gradebook.assignments:
            for student in gradebook.students:
                if _wanted(self.assignment, assignment.name) and _wanted(self.student, student.id):
                    yield _row(gradebook, assignment, student)


def _wanted(chosen: list[Any], name: str) -> bool:
    return not chosen or name in {str(item) for item in chosen}


def _row(gradebook: Gradebook, assignment: Assignment, student: Student) -> list[Any]:
    timestamp, raw, penalty, review = _submitted(gradebook, assignment.name, student.id)
    texts = (assignment.name, assignment.duedate, timestamp)
    person = (student.id, student.last_name, student.first_name, student.email)
    numbers = (raw, penalty, max(0.0, raw - penalty), assignment.max_score)
    return [*map(safe_cell, texts + person), *map(float, numbers), "sí" if review else "no"]


def _submitted(gradebook: Gradebook, name: str, student: str) -> tuple[Any, float, float, bool]:
    try:
        found = gradebook.find_submission(name, student)
    except MissingEntry:
        return "", 0.0, 0.0, False
    penalty = found.late_submission_penalty or 0.0
    return found.timestamp, found.score, penalty, found.needs_manual_grade
