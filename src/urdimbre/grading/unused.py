"""Memoria compartida de adorno: si con ceros en su lugar sale lo mismo, no hacía falta.

Es una prueba por contradicción: se corre otra vez el caso medido y toda lectura de memoria
compartida da cero. Un kernel que de verdad pasa sus datos por ella da otra cosa, o falla.
"""

from __future__ import annotations

from typing import Any

from urdimbre import sim
from urdimbre.errors import UrdimbreError
from urdimbre.exercises.spec import Case, Exercise
from urdimbre.grading.compare import mismatches
from urdimbre.grading.messages import compose
from urdimbre.grading.report import Note
from urdimbre.grading.run import LOOP_BUDGET, Run, launches, private, quiet

ASKED = "shared_load_requests"
CODE = "unused_shared"


def unused_shared(exercise: Exercise, kernel: Any, runs: list[Run]) -> list[Note]:
    """La nota, si el ejercicio pide memoria compartida y el resultado no depende de ella."""
    asked = {limit.case for limit in exercise.limits if limit.counter == ASKED and limit.least}
    for case in (run.case for run in runs if run.case.name in asked):
        if _same_without(exercise, kernel, case):
            return [Note("good", CODE, compose(CODE))]
    return []


def _same_without(exercise: Exercise, kernel: Any, case: Case) -> bool:
    args = private(case.args)
    try:
        with quiet(), sim.options(loop_budget=LOOP_BUDGET, blank_shared=True):
            for launch, given in launches(kernel, case, args):
                launch(*given)
    except UrdimbreError:
        return False
    pairs = zip(case.outputs, case.expected, strict=True)
    return not any(mismatches(args[at], want, exercise.tolerance).any() for at, want in pairs)
