"""Corregir un archivo: un ``.py`` con la solución, o el notebook de una unidad."""

from __future__ import annotations

from pathlib import Path

from urdimbre.errors import NOT_TEXT, SubmissionError
from urdimbre.exercises import get
from urdimbre.exercises.spec import Exercise
from urdimbre.grading.judge import Verdict, judge
from urdimbre.grading.nbgrader.borrowed import with_borrowed
from urdimbre.grading.nbgrader.submission import find_solution, read_submission

MISSING = "No existe el archivo {path}."
FOLDER = "«{path}» es una carpeta, y se espera un archivo .py o .ipynb."
BAD_TYPE = "{path} no es un archivo que se pueda corregir: se espera uno .py o uno .ipynb."
EMPTY = "{path} está vacío."
UNREADABLE = "No se puede leer {path}: {reason}."
NO_SOLUTION = (
    "En {path} no hay una celda de solución de «{exercise}». Se busca una celda que defina "
    "«{symbol}». Revisa que es el notebook de los ejercicios y no el del capítulo."
)


def judge_file(exercise_id: str, path: str | Path, *, timeout: float = 60) -> Verdict:
    """Corrige la solución de un ejercicio que está en un archivo.

    Args:
        exercise_id: identificador del ejercicio.
        path: un programa ``.py`` con la solución, o un notebook con su celda.
        timeout: segundos de reloj para todo.

    Raises:
        ExerciseError: si el ejercicio no existe.
        SubmissionError: si el archivo no se puede leer o no trae la solución.
    """
    exercise = get(exercise_id)
    return judge(exercise.id, solution_text(exercise, Path(path)), timeout=timeout)


def solution_text(exercise: Exercise, path: Path) -> str:
    """El texto de la solución que hay en el archivo.

    Raises:
        SubmissionError: si el archivo no se puede leer o no trae la solución.
    """
    if path.is_dir():
        raise SubmissionError(FOLDER.format(path=path))
    if not path.is_file():
        raise SubmissionError(MISSING.format(path=path))
    if path.suffix not in READERS:
        raise SubmissionError(BAD_TYPE.format(path=path))
    try:
        return READERS[path.suffix](exercise, path)
    except UnicodeDecodeError as error:
        raise SubmissionError(NOT_TEXT.format(path=path)) from error
    except OSError as error:
        raise SubmissionError(UNREADABLE.format(path=path, reason=error.strerror)) from error


def _program(_exercise: Exercise, path: Path) -> str:
    text = path.read_text(encoding="utf-8-sig")
    if not text.strip():
        raise SubmissionError(EMPTY.format(path=path))
    if "\0" in text:
        raise SubmissionError(NOT_TEXT.format(path=path))
    return text


def _notebook(exercise: Exercise, path: Path) -> str:
    submission = read_submission(path)
    if submission.problem:
        raise SubmissionError(f"{path}: {submission.message}")
    text = find_solution(submission.cells, exercise.id, exercise.symbols)
    if not text.strip():
        names = {"path": path, "exercise": exercise.id, "symbol": exercise.symbol}
        raise SubmissionError(NO_SOLUTION.format(**names))
    return with_borrowed(text, submission.cells, exercise.symbols)


READERS = {".py": _program, ".ipynb": _notebook}
