"""Mostrar una carrera: los mismos casos con los warps en otro orden, hasta que uno dé mal."""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre import sim
from urdimbre.errors import UrdimbreError
from urdimbre.exercises.spec import Case, Exercise
from urdimbre.grading import compare, source
from urdimbre.grading.messages import compose
from urdimbre.grading.numbers import element, number
from urdimbre.grading.report import Note
from urdimbre.grading.run import LOOP_BUDGET, Run, launches, private, quiet

SEEDS = (1, 2, 3)
FOUND = (
    "Dio lo correcto por suerte. Con los warps en otro orden, en el caso «{case}», {element} "
    "vale {got} en lugar de {expected}."
)
DISORDERED = (
    "Con los warps en otro orden, en el caso «{case}», {element} vale {got} y no {expected}."
)
CHANGED = (
    "Caso «{case}». Con un orden de los warps, {element} vale {first}; con otro, {second}. "
    "Los dos están dentro de la tolerancia."
)


def demonstrate(
    exercise: Exercise, kernel: Any, cases: list[Case], text: str = FOUND
) -> tuple[str, ...]:
    """Una frase con un resultado que cambia al cambiar el orden; ninguna si nada cambió."""
    for seed in SEEDS:
        for case in cases:
            after = _shuffled(kernel, case, seed)
            found = after and _first_wrong(exercise, case, after, text)
            if found:
                return (found,)
    return ()


def disordered(exercise: Exercise, kernel: Any, cases: list[Case]) -> list[Note]:
    """Lo que da mal en otro orden permitido, en los ejercicios que lo exigen."""
    if not exercise.any_order:
        return []
    found = demonstrate(exercise, kernel, cases, DISORDERED)
    code = "order_dependent"
    return [Note("right", code, compose(code, sentence)) for sentence in found]


def unrepeatable(exercise: Exercise, kernel: Any, runs: list[Run]) -> list[Note]:
    """Las salidas que en otro orden cambian de bits, en los ejercicios que piden repetirlas."""
    if not exercise.same_bits:
        return []
    code = "order_dependent_bits"
    found = (_changed(exercise, kernel, run, seed) for seed in SEEDS for run in runs)
    sentence = next(filter(None, found), "")
    return [Note("right", code, compose(code, sentence))] if sentence else []


def _changed(exercise: Exercise, kernel: Any, run: Run, seed: int) -> str:
    """Una frase con la primera salida que en ese orden tiene otros bits; vacía si ninguna."""
    after = _shuffled(kernel, run.case, seed)
    names = source.argument_names(exercise, run.case)
    for position in run.case.outputs if after else ():
        one, two = run.after[position], after[position]
        other = (one != two) & ~(np.isnan(one) & np.isnan(two))
        if other.any():
            at = tuple(map(int, np.argwhere(other)[0]))
            where = element(names[position], at)
            shown = {"first": exact(one[at]), "second": exact(two[at])}
            return CHANGED.format(case=run.case.name, element=where, **shown)
    return ""


def exact(value: Any) -> str:
    """Un número con las cifras que bastan para distinguirlo de sus vecinos de 32 bits."""
    return f"{float(value):.9g}"


def _shuffled(kernel: Any, case: Case, seed: int) -> tuple[Any, ...]:
    """Los argumentos después de correr en ese orden; vacío si no terminó."""
    args = private(case.args)
    try:
        with quiet(), sim.options(loop_budget=LOOP_BUDGET, schedule_seed=seed):
            for launch, given in launches(kernel, case, args):
                launch(*given)
    except UrdimbreError:
        return ()
    return args


def _first_wrong(exercise: Exercise, case: Case, after: tuple, text: str) -> str:
    names = source.argument_names(exercise, case)
    for position, expected in zip(case.outputs, case.expected, strict=True):
        got = after[position]
        wrong = compare.mismatches(got, expected, exercise.tolerance)
        if wrong.any():
            at = tuple(map(int, np.argwhere(wrong)[0]))
            where = element(names[position], at)
            shown = {"got": number(got[at]), "expected": number(expected[at])}
            return text.format(case=case.name, element=where, **shown)
    return ""
