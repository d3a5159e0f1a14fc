"""Comprobar una función del anfitrión: valores exactos y tipos exactos."""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.exercises.spec import Case, Exercise
from urdimbre.grading import source
from urdimbre.grading.kernels import _note, _signature_note
from urdimbre.grading.messages import compose
from urdimbre.grading.report import Note, Report, build
from urdimbre.isolated.answers import Answer, answer_of


def check_function(exercise: Exercise, obj: Any, rng: np.random.Generator) -> Report:
    """Informe de una función de Python, llamada en este mismo proceso."""
    problem = _problem(exercise, obj)
    if problem:
        return build(exercise, (problem,))
    cases = exercise.cases(rng)
    return report_of(exercise, cases, [answer_of(obj, case.args) for case in cases])


def _problem(exercise: Exercise, obj: Any) -> Note | None:
    if not callable(obj) or isinstance(obj, type) or hasattr(obj, "py_func"):
        detail = f"Llegó un objeto de tipo «{type(obj).__name__}»."
        return _note("right", "not_a_function", detail)
    text = source.text_of(obj)
    if source.is_stub(text):
        return _note("right", "not_written")
    return _signature_note(exercise.signature, source.parameters(text))


def report_of(exercise: Exercise, cases: list[Case], answers: list[Answer]) -> Report:
    """Informe a partir de las respuestas, una por caso."""
    for count, (case, answer) in enumerate(zip(cases, answers, strict=True), start=1):
        note = _judge_answer(exercise, case, answer)
        if note:
            return build(exercise, (note,), cases=count)
    return build(exercise, (), cases=len(cases))


def _judge_answer(exercise: Exercise, case: Case, answer: Answer) -> Note | None:
    call = f"{exercise.symbol}({', '.join(map(str, case.args))})"
    if answer.kind == "error":
        if answer.value == "NotImplementedError":
            return _note("right", "not_written")
        return _note("right", "runtime_error", f"{call} no llegó al final.", f"{answer.value}.")
    if answer.kind == "type":
        asked = f"se piden {len(case.expected)} enteros"
        return _note("right", "wrong_type", f"{call} devolvió {answer.value}; {asked}.")
    if len(answer.value) != len(case.expected):
        detail = f"{call} devolvió {len(answer.value)} valores y se piden {len(case.expected)}."
        return _note("right", "wrong_shape", detail)
    if tuple(answer.value) != tuple(case.expected):
        shown = f"{call} devolvió {tuple(answer.value)} y se esperaba {tuple(case.expected)}."
        return Note("right", "wrong_values", compose("wrong_values:function", shown))
    return None
