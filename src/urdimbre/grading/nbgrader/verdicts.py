"""El veredicto del juez como lo usa nbgrader: un diccionario comprobado, nunca a medias."""

from __future__ import annotations

import math
import re
from base64 import b64encode
from typing import Any

from nbformat import NotebookNode
from nbgrader.utils import is_grade

from urdimbre.exercises import CATALOG
from urdimbre.grading import html
from urdimbre.grading.messages import LAYERS, OUTCOMES, STATUS

CHECK_PREFIX = "check_"
UNSCORED = "grader_error"
UNSCORED_MESSAGE = (
    "La corrección falló por un problema nuestro, no de tu solución. "
    "Lo revisará una persona: no pierdes puntos por esto."
)
TONES = {"passed": "ok", UNSCORED: "wait"}
LAYER_TONES = {"ok": "ok", "failed": "bad"}
LINE = re.compile(r"\b[Ll]ínea (\d+)")


def judged_exercise(cell: NotebookNode) -> str:
    """Ejercicio del catálogo que una celda comprueba; vacío si no comprueba ninguno."""
    if not is_grade(cell):
        return ""
    grade_id = cell.metadata["nbgrader"]["grade_id"]
    exercise_id = grade_id.removeprefix(CHECK_PREFIX)
    known = {exercise.id for exercise in CATALOG}
    return exercise_id if grade_id.startswith(CHECK_PREFIX) and exercise_id in known else ""


def checked(raw: dict[str, Any]) -> dict[str, Any]:
    """Veredicto con nota en [0, 1]; si algo no cuadra es un fallo nuestro, no del estudiante."""
    outcome, score, report = raw.get("outcome"), raw.get("score"), raw.get("report") or {}
    sound = outcome in OUTCOMES and isinstance(score, (int, float)) and math.isfinite(score)
    if not sound or outcome == UNSCORED:
        return without_report(UNSCORED, UNSCORED_MESSAGE, review=True)
    detail = "" if report else str(raw.get("message") or "")
    verdict = without_report(outcome, OUTCOMES[outcome], detail=detail)
    return verdict | {"score": min(1.0, max(0.0, float(score))), "report": report}


def without_report(
    outcome: str, message: str, *, detail: str = "", review: bool = False
) -> dict[str, Any]:
    """Veredicto sin nota ni informe: no hubo qué correr, o no se pudo correr."""
    return {
        "outcome": outcome,
        "score": 0.0,
        "message": message,
        "detail": detail,
        "report": {},
        "review": review,
    }


def tone(verdict: dict[str, Any]) -> str:
    """Color del veredicto en la página: bien, mal o en espera."""
    return TONES.get(verdict.get("outcome", UNSCORED), "bad")


def layers(verdict: dict[str, Any]) -> list[dict[str, Any]]:
    """Las capas del informe con lo encontrado en cada una, listas para mostrar."""
    report = verdict.get("report", {})
    findings = [_finding(finding) for finding in report.get("findings", [])]
    return [
        {
            "title": LAYERS[layer["name"]],
            "state": STATUS[layer["status"]],
            "tone": LAYER_TONES.get(layer["status"], "wait"),
            "findings": [finding for finding in findings if finding["layer"] == layer["name"]],
        }
        for layer in report.get("layers", [])
    ]


def _finding(finding: dict[str, str]) -> dict[str, Any]:
    first, _, rest = finding["message"].partition("\n")
    return {"layer": finding["layer"], "what": first, "details": html.body(rest)}


def marked_lines(verdict: dict[str, Any]) -> set[int]:
    """Las líneas de la solución que el veredicto nombra."""
    findings = verdict.get("report", {}).get("findings", [])
    texts = [verdict.get("detail", ""), *(finding["message"] for finding in findings)]
    return {int(number) for text in texts for number in LINE.findall(text)}


def picture(verdict: dict[str, Any]) -> str:
    """El dibujo del informe como dirección ``data:``; así un navegador nunca corre su contenido."""
    svg = verdict.get("report", {}).get("picture", "")
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}" if svg else ""
