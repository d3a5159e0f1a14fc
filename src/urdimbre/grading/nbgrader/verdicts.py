"""El veredicto del juez como lo usa nbgrader: un diccionario comprobado, nunca a medias."""

from __future__ import annotations

import math
import re
from base64 import b64encode
from typing import Any

from nbformat import NotebookNode
from nbgrader.utils import is_grade

from urdimbre.exercises import CATALOG
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
    outcome, score = raw.get("outcome"), raw.get("score")
    sound = outcome in OUTCOMES and isinstance(score, (int, float)) and math.isfinite(score)
    if not sound or outcome == UNSCORED:
        return without_score(UNSCORED, UNSCORED_MESSAGE, review=True)
    return {
        "outcome": outcome,
        "score": min(1.0, max(0.0, float(score))),
        "message": OUTCOMES[outcome],
        "report": raw.get("report") or {},
        "review": False,
    }


def without_score(outcome: str, message: str, *, review: bool = False) -> dict[str, Any]:
    """Veredicto sin informe: no hubo qué correr, o no se pudo correr."""
    return {
        "outcome": outcome,
        "score": 0.0,
        "message": message,
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
    lines = [int(number) for number in LINE.findall(finding["message"])]
    return {"layer": finding["layer"], "what": first, "details": rest, "lines": lines}


def picture(verdict: dict[str, Any]) -> str:
    """El dibujo del informe como dirección ``data:``; así un navegador nunca corre su contenido."""
    svg = verdict.get("report", {}).get("picture", "")
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}" if svg else ""
