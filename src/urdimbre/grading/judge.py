"""``judge``: el veredicto que vale, calculado en otro proceso a partir del código.

Lo que no produce un informe es un error o un fallo, nunca la nota completa.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import asdict, dataclass
from typing import Any

from urdimbre.exercises import get
from urdimbre.grading.messages import OUTCOMES
from urdimbre.grading.process import Completed, run_module
from urdimbre.grading.report import Report, clamp

MAX_SOURCE = 200_000


@dataclass(frozen=True)
class Verdict:
    """Lo que decidió el juez.

    Attributes:
        exercise: identificador.
        outcome: ``passed``, ``failed``, ``timeout``, ``crash``, ``invalid``, ``missing`` o
            ``grader_error``.
        score: parte de la nota, en [0, 1].
        message: explicación en español.
        report: el informe como diccionario, o ``None`` si no lo hubo.
        seconds: cuánto tardó, en segundos de reloj.
    """

    exercise: str
    outcome: str
    score: float
    message: str
    report: dict[str, Any] | None = None
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Si la entrega está bien."""
        return self.outcome == "passed"

    def to_dict(self) -> dict[str, Any]:
        """El veredicto con tipos que JSON entiende."""
        return asdict(self)

    def __str__(self) -> str:
        detail = str(Report.from_dict(self.report)) if self.report else self.message
        return f"{OUTCOMES[self.outcome]}\n{detail}"


def judge(
    exercise_id: str, source: str, *, seed: int | None = None, timeout: float = 60
) -> Verdict:
    """Corrige el código de una celda en otro proceso.

    Args:
        exercise_id: identificador del ejercicio.
        source: texto de la celda de solución.
        seed: semilla de los casos; sin ella, una nueva y secreta.
        timeout: segundos de reloj para todo.

    Returns:
        El veredicto. Un fallo del corrector es ``grader_error``: no dice nada de la entrega.

    Raises:
        ExerciseError: si el ejercicio no existe.
    """
    exercise = get(exercise_id)
    if len(source) > MAX_SOURCE:
        return Verdict(exercise.id, "invalid", 0.0, "El código es demasiado largo.")
    seed = secrets.randbits(64) if seed is None else seed
    request = {"exercise": exercise.id, "source": source, "seed": seed, "timeout": timeout}
    start = time.monotonic()
    done = run_module("urdimbre.grading.worker", json.dumps(request), timeout)
    return _verdict(exercise.id, done, timeout, time.monotonic() - start)


def _verdict(exercise_id: str, done: Completed, timeout: float, seconds: float) -> Verdict:
    if done.code is None:
        message = f"No terminó en {timeout:g} s."
        return Verdict(exercise_id, "timeout", 0.0, message, seconds=seconds)
    if done.code < 0 or done.code == 137:
        message = "El proceso murió: casi siempre, por falta de memoria."
        return Verdict(exercise_id, "crash", 0.0, message, seconds=seconds)
    try:
        outcome, score, message, report = _read(json.loads(done.output))
    except (ValueError, KeyError, TypeError):
        message = _last_line(done.errors)
        return Verdict(exercise_id, "grader_error", 0.0, message, seconds=seconds)
    return Verdict(exercise_id, outcome, score, message, report, seconds)


def _read(data: dict[str, Any]) -> tuple[str, float, str, dict | None]:
    """Las piezas del veredicto, comprobadas. La nota sale del informe, no de un número suelto."""
    outcome, report = data["outcome"], data["report"]
    if outcome not in OUTCOMES:
        raise ValueError(outcome)
    if outcome not in ("passed", "failed"):
        return outcome, 0.0, str(data["message"]), None
    rebuilt = Report.from_dict(report)
    if (rebuilt.passed and rebuilt.score == 1.0) != (outcome == "passed"):
        raise ValueError("el informe contradice al veredicto")
    return outcome, clamp(rebuilt.score), str(data["message"]), rebuilt.to_dict()


def _last_line(errors: str) -> str:
    lines = [line for line in errors.splitlines() if line.strip()]
    return f"El corrector no dio informe. {lines[-1] if lines else ''}".strip()
