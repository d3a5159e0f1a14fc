"""``check``: comprobar un ejercicio en el notebook."""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.exercises import get
from urdimbre.grading.functions import check_function
from urdimbre.grading.kernels import check_kernel
from urdimbre.grading.report import Report

CHECKERS = {"kernel": check_kernel, "function": check_function}


def check(exercise_id: str, obj: Any, *, seed: int | None = None) -> Report:
    """Comprueba una solución y cuenta qué pasó: correcto, limpio y bueno.

    Args:
        exercise_id: identificador del ejercicio.
        obj: el kernel (o la función), sin corchetes ni paréntesis.
        seed: semilla de los casos; sin ella, cada llamada usa casos nuevos.

    Returns:
        Un informe: en Jupyter se muestra con formato, y ``print`` lo da como texto.

    Raises:
        ExerciseError: si el ejercicio no existe.
    """
    exercise = get(exercise_id)
    return CHECKERS[exercise.subject](exercise, obj, np.random.default_rng(seed))
