"""Lo que el compilador de verdad dice de una solución: informa, y nunca cambia la nota.

Se pide con ``check(…, compiler=True)``. No va por omisión porque encender el compilador tarda unos
segundos y cada kernel, cerca de uno: más que la comprobación entera.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.errors import UrdimbreError
from urdimbre.exercises.spec import Exercise

SEED = 0


def compiled_notes(exercise: Exercise, obj: Any, cc: str = "8.0") -> tuple[str, ...]:
    """Una línea por kernel: «Compila en una GPU real: sí, 40 registros, sin derrames».

    Args:
        obj: el kernel, o un diccionario por nombre; las funciones no se compilan.

    Returns:
        Las líneas; si falta el compilador, la que dice cómo instalarlo.
    """
    from urdimbre.compiler.report import report_of

    try:
        jobs = jobs_of(exercise, obj)
        reports = [(symbol, report_of(job, cc, ())) for symbol, job in jobs.items()]
    except UrdimbreError as error:
        return (str(error),)
    many = len(reports) > 1
    return tuple(f"{name}: {r.summary}." if many else f"{r.summary}." for name, r in reports)


def jobs_of(exercise: Exercise, obj: Any) -> dict[str, Any]:
    """Lo que se compila de una solución: cada kernel, con los tipos de los casos del ejercicio."""
    from urdimbre.compiler.jobs import job_of

    if exercise.subject != "kernel":
        return {}
    jobs: dict[str, Any] = {}
    for case in exercise.cases(np.random.default_rng(SEED)):
        for step in case.plan:
            name = step.symbol or exercise.symbol
            if name in jobs:
                continue
            kernel = obj[name] if isinstance(obj, dict) else obj
            threads = int(np.prod(step.block))
            args = tuple(case.args[k] for k in step.args)
            jobs[name] = job_of(kernel, args, threads=threads, shared_bytes=step.shared_bytes)
    return jobs
