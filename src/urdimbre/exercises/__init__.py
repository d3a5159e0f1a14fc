"""El catálogo: las unidades en orden y, en cada una, sus ejercicios.

Un ejercicio nuevo es una ficha en el módulo de su unidad, una solución en ``solutions/``, cinco
mutantes o más en ``tests/mutants/`` y una variante honesta o más en ``tests/variants/``. Una unidad
nueva es, además, un módulo y una fila en ``UNITS``.
"""

from __future__ import annotations

from difflib import get_close_matches

from urdimbre.errors import ExerciseError
from urdimbre.exercises import (
    u01_execution_model,
    u02_first_kernels,
    u03_global_memory,
    u04_shared_memory,
    u06_parallel_patterns,
    u08_matmul_tiled,
    u10_softmax_norms,
    u11_attention,
)
from urdimbre.exercises.spec import Case, Exercise, Limit, Step, Tolerance, Unit, Weights

UNITS: tuple[Unit, ...] = (
    Unit("u01_execution_model", 1, "El modelo de ejecución", (), 2),
    Unit("u02_first_kernels", 2, "Primeros kernels", (1,), 3),
    Unit("u03_global_memory", 3, "Memoria global y coalescencia", (2,), 3.5),
    Unit("u04_shared_memory", 4, "Memoria compartida, barreras y carreras", (3,), 3),
    Unit("u06_parallel_patterns", 6, "Patrones: reducción, suma de prefijos, histograma", (4,), 10),
    Unit("u08_matmul_tiled", 8, "Por teselas", (4,), 4.5),
    Unit("u10_softmax_norms", 10, "Softmax, normas y fusiones", (6,), 6),
    Unit("u11_attention", 11, "Atención y FlashAttention", (8, 10), 5),
)

CATALOG: tuple[Exercise, ...] = (
    *u01_execution_model.EXERCISES,
    *u02_first_kernels.EXERCISES,
    *u03_global_memory.EXERCISES,
    *u04_shared_memory.EXERCISES,
    *u06_parallel_patterns.EXERCISES,
    *u08_matmul_tiled.EXERCISES,
    *u10_softmax_norms.EXERCISES,
    *u11_attention.EXERCISES,
)

LISTED = "En una terminal, «urdimbre comprobar» sin nada más los lista por unidad."
_BY_ID = {exercise.id: exercise for exercise in CATALOG}


def get(exercise_id: str) -> Exercise:
    """Ejercicio con ese identificador.

    Raises:
        ExerciseError: si no existe; el mensaje propone los parecidos.
    """
    if isinstance(exercise_id, str) and exercise_id in _BY_ID:
        return _BY_ID[exercise_id]
    close = get_close_matches(str(exercise_id), _BY_ID, n=3, cutoff=0.5)
    names = ", ".join(f"«{name}»" for name in close)
    hint = f"¿Quisiste decir {names}?" if close else LISTED
    raise ExerciseError(f"No hay un ejercicio «{exercise_id}». {hint}")


def units() -> tuple[Unit, ...]:
    """Las unidades, en el orden del curso."""
    return UNITS


def in_unit(slug: str) -> tuple[Exercise, ...]:
    """Ejercicios de una unidad, en orden.

    Raises:
        ExerciseError: si la unidad no existe.
    """
    if slug not in {unit.slug for unit in UNITS}:
        known = ", ".join(f"«{unit.slug}»" for unit in UNITS)
        raise ExerciseError(f"No hay una unidad «{slug}». Las que hay: {known}.")
    return tuple(exercise for exercise in CATALOG if exercise.unit == slug)


__all__ = [
    "CATALOG",
    "UNITS",
    "Case",
    "Exercise",
    "Limit",
    "Step",
    "Tolerance",
    "Unit",
    "Weights",
    "get",
    "in_unit",
    "units",
]
