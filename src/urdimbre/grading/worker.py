"""El proceso que corrige: calcula casos, corre lo entregado en el simulador y da el veredicto.

El Python de la entrega no se ejecuta aquí: los kernels se leen con ``sim.load_source`` y las
funciones corren en ``isolated.student``.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np

from urdimbre import sim
from urdimbre.errors import KernelSourceError
from urdimbre.exercises import get
from urdimbre.exercises.spec import Exercise
from urdimbre.grading import functions, source
from urdimbre.grading.kernels import check_kernel
from urdimbre.grading.messages import OUTCOMES, compose
from urdimbre.grading.process import run_module
from urdimbre.grading.report import Note, Report, build
from urdimbre.isolated import answers
from urdimbre.isolated.limits import limit_resources, private_stdout


def main() -> None:
    """Lee la petición por la entrada y escribe un veredicto JSON por la salida."""
    request = json.load(sys.stdin)
    channel = private_stdout()
    limit_resources(int(request["timeout"]) + 1)
    json.dump(verdict(request), channel)
    channel.close()


def verdict(request: dict[str, Any]) -> dict[str, Any]:
    """``outcome``, ``message`` y ``report`` de una petición ya leída."""
    exercise, text = get(request["exercise"]), request["source"].removeprefix("\ufeff")
    broken = source.error_message(text)
    if broken:
        return _answer("invalid", broken)
    rng = np.random.default_rng(request["seed"])
    try:
        return JUDGES[exercise.subject](exercise, text, rng, request["timeout"])
    except MemoryError:
        return _answer("crash", compose("out_of_memory"))


def _kernel(exercise: Exercise, text: str, rng: np.random.Generator, timeout: float) -> dict:
    try:
        names = sim.load_source(text, names=already_imported())
    except KernelSourceError as error:
        return _answer("invalid", str(error))
    absent = [symbol for symbol in exercise.symbols if symbol not in names]
    if absent:
        return _missing(exercise, text, absent[0])
    several = len(exercise.symbols) > 1
    kernels = {symbol: names[symbol] for symbol in exercise.symbols}
    report = check_kernel(exercise, kernels if several else names[exercise.symbol], rng)
    if report.code == "out_of_memory":
        return _answer("crash", report.findings[0].message)
    return _graded(report)


def _function(exercise: Exercise, text: str, rng: np.random.Generator, timeout: float) -> dict:
    if not source.defines(text, exercise.symbol):
        return _missing(exercise, text, exercise.symbol)
    if source.is_stub(source.definition(text, exercise.symbol)):
        note = Note("right", "not_written", compose("not_written"))
        return _graded(build(exercise, (note,)))
    cases = exercise.cases(rng)
    request = {
        "source": text,
        "symbol": exercise.symbol,
        "args": [case.args for case in cases],
    }
    message = json.dumps(request)
    done = run_module("urdimbre.isolated.student", message, timeout / 2, new_group=False)
    if done.code is None:
        return _answer("timeout", f"La función no terminó en {timeout / 2:g} s.")
    given = _read_answers(done.output, len(cases))
    if given is None:
        return _answer("crash", "El proceso de la función no dio respuesta.")
    if isinstance(given, str):
        note = Note("right", "runtime_error", compose("runtime_error", f"{given}."))
        return _graded(build(exercise, (note,)))
    return _graded(functions.report_of(exercise, cases, given))


JUDGES = {"kernel": _kernel, "function": _function}


def _read_answers(output: str, count: int) -> list[answers.Answer] | str | None:
    """Las respuestas si tienen la forma pedida; el motivo si no cargó; si no, ``None``."""
    try:
        data = json.loads(output)
        if "problem" in data:
            return str(data["problem"])[:500]
        given = [_answer_from(item) for item in data["answers"]]
    except (ValueError, KeyError, TypeError):
        return None
    return given if len(given) == count else None


def _answer_from(item: Any) -> answers.Answer:
    """Una respuesta leída de JSON, con los tipos comprobados otra vez."""
    kind, value = item
    if kind == "ints":
        return answers.plain(value)
    if kind not in ("type", "error") or type(value) is not str:
        raise ValueError("respuesta con forma desconocida")
    return answers.Answer(kind, value[:500])


def _graded(report: Report) -> dict[str, Any]:
    outcome = "passed" if report.passed else "failed"
    return _answer(outcome, OUTCOMES[outcome], report)


def already_imported() -> dict[str, Any]:
    """Lo que todo notebook del curso importa arriba: la celda puede darlo por hecho."""
    return sim.load_source("import math\nimport numpy as np\nfrom numba import cuda\n")


def _missing(exercise: Exercise, text: str, symbol: str) -> dict[str, Any]:
    return _answer("missing", source.why_absent(text, symbol, exercise.subject))


def _answer(outcome: str, message: str, report: Report | None = None) -> dict[str, Any]:
    data = report.to_dict() if report else None
    score = report.score if report else 0.0
    return {"outcome": outcome, "message": message, "score": score, "report": data}
