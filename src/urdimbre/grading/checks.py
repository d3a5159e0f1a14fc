"""``check``: comprobar un ejercicio en el notebook."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from urdimbre.errors import ExerciseError
from urdimbre.exercises import get
from urdimbre.grading.functions import check_function
from urdimbre.grading.kernels import check_kernel
from urdimbre.grading.report import Report

CHECKERS = {"kernel": check_kernel, "function": check_function}
FIRST_THE_NAME = (
    "Primero va el identificador del ejercicio, entre comillas, y después lo que escribiste: "
    'check("vector_add", vector_add).'
)
NOTHING_TO_CHECK = "Falta lo que escribiste, sin comillas ni paréntesis: check({call})."
TOO_MANY = "A la comprobación le sobran argumentos. Este ejercicio pide: {wanted}."


def check(
    exercise_id: str, *written: Any, seed: int | None = None, compiler: bool = False
) -> Report:
    """Comprueba una solución y cuenta qué pasó: correcto, limpio y bueno.

    Args:
        exercise_id: identificador del ejercicio.
        written: el kernel (o la función), sin corchetes ni paréntesis; si el ejercicio pide
            varios, todos, en el orden del enunciado.
        seed: semilla de los casos; sin ella, cada llamada usa casos nuevos.
        compiler: si también se compila de verdad, sin GPU; informa y no cambia la nota. Tarda unos
            segundos.

    Returns:
        Un informe: en Jupyter se muestra con formato, y ``print`` lo da como texto.

    Raises:
        ExerciseError: si el ejercicio no existe, o falta o sobra lo que escribiste.
    """
    if not isinstance(exercise_id, str):
        raise ExerciseError(FIRST_THE_NAME)
    exercise = get(exercise_id)
    if not written:
        call = ", ".join([f'"{exercise_id}"', *exercise.symbols])
        raise ExerciseError(NOTHING_TO_CHECK.format(call=call))
    if len(written) > len(exercise.symbols):
        raise ExerciseError(TOO_MANY.format(wanted=", ".join(exercise.symbols)))
    obj = written[0]
    if len(exercise.symbols) > 1:
        obj = dict(zip(exercise.symbols, written, strict=False))
    report = CHECKERS[exercise.subject](exercise, obj, np.random.default_rng(seed))
    if not compiler:
        return report
    from urdimbre.grading.compiled import compiled_notes

    return dataclasses.replace(report, advice=report.advice + compiled_notes(exercise, obj))
