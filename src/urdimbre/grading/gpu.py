"""La capa «correcto» en la tarjeta, cuando la hay: los mismos casos, una ejecución más.

La memoria que el kernel recibe va entre guardas envenenadas: si una guarda cambia, el kernel
escribió fuera de su arreglo.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.exercises.inputs import is_poison, poison
from urdimbre.exercises.spec import Case, Exercise
from urdimbre.grading import compare
from urdimbre.grading.messages import compose
from urdimbre.grading.report import Note
from urdimbre.grading.run import launches
from urdimbre.grading.source import argument_names

GUARD = 64  # elementos a cada lado; múltiplo de 256 B con elementos de 4 B


def check_right(exercise: Exercise, obj: Any, cases: list[Case]) -> list[Note]:
    """Lo que el kernel hace mal en la tarjeta; lista vacía si está bien o si no hay tarjeta.

    Args:
        obj: un *dispatcher*, o un diccionario de ellos por nombre.
    """
    cuda = _device_module(next(iter(obj.values())) if isinstance(obj, dict) else obj)
    if cuda is None:
        return []
    for case in cases:
        names = argument_names(exercise, case)
        after, intact = run(cuda, obj, case)
        notes = compare.inputs(case, after, names)
        notes += compare.outputs(case, after, names, exercise.tolerance)
        if not intact:
            detail = f"Caso «{case.name}», en la tarjeta."
            notes.append(Note("right", "outside_write", compose("outside_write", detail)))
        if notes:
            return notes
    return []


def _device_module(obj: Any) -> Any:
    """``numba.cuda`` si ``obj`` es un *dispatcher* real y hay una GPU; si no, ``None``."""
    if not type(obj).__module__.startswith("numba"):
        return None
    from numba import cuda

    usable = getattr(cuda, "__name__", "").startswith("numba") and cuda.is_available()
    return cuda if usable else None


def run(cuda: Any, kernel: Any, case: Case) -> tuple[tuple[Any, ...], bool]:
    """Corre un caso en la tarjeta.

    Returns:
        Los argumentos después de correr, y si todas las guardas quedaron intactas.
    """
    buffers = [cuda.to_device(_guarded(a)) if _is_array(a) else a for a in case.args]
    views = [_inner(b, a) if _is_array(a) else a for b, a in zip(buffers, case.args, strict=True)]
    for launch, given in launches(kernel, case, tuple(views)):
        launch(*given)
    cuda.synchronize()
    host = [b.copy_to_host() if _is_array(a) else a for b, a in zip(buffers, case.args)]
    after = tuple(_inner(h, a) if _is_array(a) else a for h, a in zip(host, case.args))
    intact = all(_intact(h) for h, a in zip(host, case.args) if _is_array(a))
    return after, intact


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)


def _guarded(array: np.ndarray) -> np.ndarray:
    buffer = poison(array.size + 2 * GUARD, array.dtype)
    buffer[GUARD : GUARD + array.size] = array.ravel()
    return buffer


def _inner(buffer: Any, array: np.ndarray) -> Any:
    return buffer[GUARD : GUARD + array.size].reshape(array.shape)


def _intact(buffer: np.ndarray) -> bool:
    marks = is_poison(buffer)
    return bool(marks[:GUARD].all() and marks[-GUARD:].all())
