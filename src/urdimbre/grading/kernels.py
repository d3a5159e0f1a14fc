"""Comprobar un kernel: las tres capas comparten las mismas ejecuciones."""

from __future__ import annotations

import inspect
from functools import partial
from typing import Any

import numpy as np

from urdimbre import errors, sim
from urdimbre.exercises.spec import Case, Exercise, Limit
from urdimbre.grading import compare, gpu, picture, shuffled, source, writers
from urdimbre.grading.messages import compose, deferred
from urdimbre.grading.report import Note, Report, build
from urdimbre.grading.run import LOOP_BUDGET, Run, observed, simulate
from urdimbre.grading.unused import unused_shared
from urdimbre.observe import Finding, NegativeIndex
from urdimbre.observe.metrics import DERIVED_LABELS, METRICS

# Del error del simulador al código, de lo particular a lo general.
ERROR_CODES: tuple[tuple[type[BaseException], str, str], ...] = (
    (errors.LoopBudgetError, "right", "loop_budget"),
    (errors.BarrierError, "clean", "divergent_barrier"),
    (errors.KernelRuntimeError, "right", "runtime_error"),
    (errors.KernelError, "right", "compile_error"),
    (errors.ArgumentError, "right", "wrong_signature"),
    (errors.LaunchError, "right", "launch_error"),
    (MemoryError, "right", "out_of_memory"),
)

# Lo que no tiene métrica propia en la tabla de contadores.
EXTRA_LABELS = DERIVED_LABELS | {
    "static_shared_bytes": "bytes de memoria compartida estática",
    "double_operations": "operaciones en float64",
    "same_value_writers": "hilos que repiten la escritura de otro",
}

MAX_PLACES = 3
ENDLESS = (
    f"El ciclo dio {LOOP_BUDGET} vueltas y aquí se detuvo el kernel. Ningún caso necesita tantas."
)

UNDECORATED = "Llegó una función de Python: le falta la línea @cuda.jit encima del «def»."


def check_kernel(exercise: Exercise, obj: Any, rng: np.random.Generator) -> Report:
    """Informe de un kernel: correcto, limpio y bueno, en ese orden.

    Args:
        obj: kernel del simulador, *dispatcher* de Numba o función; si el ejercicio pide varios
            kernels, un diccionario por nombre.
        rng: de dónde salen los casos.
    """
    kernel, problem = _resolve_all(exercise, obj)
    if problem:
        return build(exercise, (problem,))
    measured = {limit.case for limit in exercise.limits}
    cases = sorted(exercise.cases(rng), key=lambda case: case.name in measured)
    runs, notes = _run_all(exercise, kernel, cases, measured)
    if not notes:
        notes = gpu.check_right(exercise, obj, cases)
    clean = _clean(runs)
    if not notes and not clean:
        notes = shuffled.disordered(exercise, kernel, cases)
    if not notes and not clean:
        notes = shuffled.unrepeatable(exercise, kernel, runs)
    advice = _advice(runs) + _negative(kernel, runs, notes)
    if notes and clean:
        messages = deferred([note.message for note in notes])
        notes = [n._replace(message=m) for n, m in zip(notes, messages, strict=True)]
    if not notes and any(note.code == "race" for note in clean):
        advice += shuffled.demonstrate(exercise, kernel, cases)
    broken, traces = ([], ()) if notes or clean else _good(exercise, runs)
    drawing = picture.of_limit(traces, broken)
    good = [_limit_note(limit, value, runs) for limit, value in broken]
    if not notes and not clean and not good:
        good = unused_shared(exercise, kernel, runs)
    found = (*notes, *clean, *good)
    return build(exercise, found, cases=len(runs), advice=advice, picture=drawing)


def _resolve_all(exercise: Exercise, obj: Any) -> tuple[Any, Note | None]:
    """El kernel (o el diccionario de kernels) listo para correr, o por qué no lo hay."""
    if not isinstance(obj, dict):
        return _resolve(exercise.signature, obj)
    kernels: dict[str, Any] = {}
    for symbol, signature in exercise.signatures.items():
        if symbol not in obj:
            return None, _note("right", "missing_kernel", f"Falta «{symbol}».")
        kernels[symbol], problem = _resolve(signature, obj[symbol], f"«{symbol}»: ")
        if problem:
            return None, problem
    return kernels, None


def _resolve(signature: str, obj: Any, who: str = "") -> tuple[Any, Note | None]:
    """El kernel listo para correr, o por qué no lo hay."""
    if inspect.isfunction(obj):
        return None, _note("right", "not_a_kernel", who + UNDECORATED)
    try:
        kernel = sim.as_kernel(obj)
    except errors.KernelError as error:
        return None, _note("right", "compile_error", str(error))
    except errors.ArgumentError as error:
        detail = f"{who}Llegó un objeto de tipo «{type(obj).__name__}». {error}"
        return None, _note("right", "not_a_kernel", detail)
    text = source.text_of(kernel)
    if source.is_stub(text):
        return None, _note("right", "not_written", *([f"Falta el de {who[:-2]}."] if who else []))
    return kernel, _signature_note(signature, source.parameters(text))


def _signature_note(signature: str, got: tuple[str, ...] | None) -> Note | None:
    wanted = source.parameters(f"{signature} pass") or ()
    if got is None or len(got) == len(wanted):
        return None
    detail = f"Tu función recibe {len(got)} parámetros y el ejercicio le pasa {len(wanted)}."
    return _note("right", "wrong_signature", detail, f"Se esperaba: {signature}")


def _run_all(
    exercise: Exercise, kernel: Any, cases: list[Case], measured: set[str]
) -> tuple[list[Run], list[Note]]:
    """Corre los casos hasta el primero que no da lo correcto."""
    runs: list[Run] = []
    for case in cases:
        names = source.argument_names(exercise, case)
        try:
            run = simulate(kernel, case, measure=case.name in measured)
        except tuple(kind for kind, _, _ in ERROR_CODES) as error:
            return runs, [_error_note(case, error)]
        runs.append(run)
        notes = compare.inputs(case, run.after, names)
        writer = partial(writers.explain, kernel, case)
        notes += compare.outputs(case, run.after, names, exercise.tolerance, writer)
        if notes:
            return runs, notes
    return runs, []


def _error_note(case: Case, error: BaseException) -> Note:
    layer, code = next((la, co) for kind, la, co in ERROR_CODES if isinstance(error, kind))
    if isinstance(error, errors.LoopBudgetError):
        error = errors.LoopBudgetError(ENDLESS, line=error.line, source=error.source)
    before = "" if code == "compile_error" else f"Caso «{case.name}». "  # no compila en ninguno
    return _note(layer, code, f"{before}{error}")


def _note(layer: str, code: str, *details: str) -> Note:
    return Note(layer, code, compose(code, *details))


def _serious(finding: Finding) -> bool:
    return finding.severity == "error"


def _advice(runs: list[Run]) -> tuple[str, ...]:
    """Observaciones que no restan. De un lugar que ya tiene un error no se dice nada más."""
    every = [finding for run in runs for finding in run.findings]
    serious = {(f.kind, f.line, f.array) for f in every if _serious(f)}
    minor: dict[tuple, str] = {}
    for f in every:
        if not _serious(f) and (f.kind, f.line, f.array) not in serious:
            minor.setdefault((f.kind, f.line, f.other_line, f.array), str(f))
    return tuple(minor.values())


def _negative(kernel: Any, runs: list[Run], notes: list[Note]) -> tuple[str, ...]:
    """Los índices negativos del caso que dio mal; en los demás pueden ser lo que se quería."""
    if not notes or notes[0].code != "wrong_values":
        return ()
    try:
        seen = observed(kernel, runs[-1].case, lambda _: NegativeIndex())
    except errors.UrdimbreError:
        return ()
    return tuple(str(finding) for observer in seen for finding in observer.findings)


def _clean(runs: list[Run]) -> list[Note]:
    """Una nota por clase de hallazgo, sin repetir lugares entre casos."""
    places: dict[str, dict[tuple, str]] = {}
    for run in runs:
        for finding in filter(_serious, run.findings):
            place = (finding.line, finding.other_line, finding.array)
            detail = f"Caso «{run.case.name}». {finding}"
            places.setdefault(finding.kind, {}).setdefault(place, detail)
    return [
        _note("clean", kind, *list(details.values())[:MAX_PLACES])
        for kind, details in places.items()
    ]


def _good(exercise: Exercise, runs: list[Run]) -> tuple[list[tuple[Limit, float]], tuple]:
    """Los límites que no se cumplen con su valor, y las trazas del caso medido."""
    by_case = {run.case.name: run for run in runs}
    broken = []
    for limit in exercise.limits:
        value = by_case[limit.case].measured(limit.counter)
        if not limit.holds(value):
            broken.append((limit, value))
    measured = (broken[0][0] if broken else exercise.limits[0]).case if exercise.limits else ""
    return broken, by_case[measured].traces if measured else ()


def _limit_note(limit: Limit, value: float, runs: list[Run]) -> Note:
    side, bound = ("mínimo", limit.least) if limit.most is None else ("máximo", limit.most)
    measured = f"{label(limit.counter)}: {value:g}; el {side} es {bound:g}."
    places: tuple[str, ...] = ()
    if limit.counter == "double_operations":
        places = next(run.double_places for run in runs if run.case.name == limit.case)[:MAX_PLACES]
    return _note("good", limit.code, f"Caso «{limit.case}»: {measured}", *places, limit.why)


def label(counter: str) -> str:
    """El nombre en español de un contador."""
    return METRICS[counter].label if counter in METRICS else EXTRA_LABELS.get(counter, counter)
