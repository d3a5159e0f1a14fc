"""Comparar lo que dejó el kernel con lo esperado, y decir en qué se aparta."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from urdimbre.exercises.inputs import is_poison
from urdimbre.exercises.spec import Case, Tolerance
from urdimbre.grading.messages import compose
from urdimbre.grading.numbers import element, number, table
from urdimbre.grading.report import Note

SHOWN = 5


def mismatches(got: np.ndarray, expected: np.ndarray, tolerance: Tolerance) -> np.ndarray:
    """Máscara de los elementos que no coinciden.

    NaN solo coincide con NaN; un infinito, solo con el mismo infinito.
    """
    if got.dtype.kind in "iub":
        return got != expected
    got, expected = got.astype(np.float64), np.asarray(expected, np.float64)
    with np.errstate(invalid="ignore"):
        near = np.abs(got - expected) <= tolerance.atol + tolerance.rtol * np.abs(expected)
    same = (got == expected) | (np.isnan(got) & np.isnan(expected))
    return ~(same | (near & np.isfinite(expected)))


def nobody(position: int, index: tuple[int, ...]) -> str:
    """Quien escribió un elemento, cuando no hay traza de donde saberlo."""
    return ""


def outputs(
    case: Case,
    after: tuple,
    names: tuple[str, ...],
    tolerance: Tolerance,
    writer: Callable[[int, tuple[int, ...]], str] = nobody,
) -> list[Note]:
    """Lo que está mal en las salidas de un caso: una nota por código.

    De la primera salida mal se dice todo; de las demás con el mismo código, cuántos elementos.
    ``writer(posición, índice)`` dice quién escribió el primer elemento mal, y con qué datos.
    """
    pairs = dict(zip(case.outputs, case.expected, strict=True))
    masks = {at: mismatches(after[at], expected, tolerance) for at, expected in pairs.items()}
    fine = _fine([names[at] for at, wrong in masks.items() if not wrong.any()])
    bodies: dict[str, list[str]] = {}
    shapes: dict[str, str] = {}
    for at, wrong in masks.items():
        if not wrong.any():
            continue
        who = writer(at, _first_written(wrong, after[at]))
        code = _code(bool(is_poison(after[at])[wrong].all()), who)
        count = f"{int(wrong.sum())} de {wrong.size} elementos de «{names[at]}» {HEADS[code]}."
        if code in bodies:
            bodies[code].append(f"Además, {count}")
            continue
        table = _details(code, names[at], wrong, after[at], pairs[at])
        given = conditions(case, names)
        shapes[code] = ":matrix" if code == "unwritten_output" and wrong.ndim > 1 else ""
        bodies[code] = [f"Caso «{case.name}»: {count}", given, *table, fine, who]
    return [
        Note("right", code, compose(code + shapes[code], *body)) for code, body in bodies.items()
    ]


def conditions(case: Case, names: tuple[str, ...]) -> str:
    """Con qué se corrió: la forma de cada arreglo de entrada, los números y el lanzamiento."""
    given = [
        f"«{name}» de {' × '.join(map(str, arg.shape))}" if isinstance(arg, np.ndarray)
        else f"{name} = {number(arg)}"
        for at, (name, arg) in enumerate(zip(names, case.args, strict=False))
        if at not in case.outputs
    ]  # fmt: skip
    if len(case.plan) == 1:
        given.append(f"malla {_dims(case.grid)} y bloque {_dims(case.block)}")
    return f"Con {', '.join(given)}." if given else ""


def _dims(dims: tuple[int, ...]) -> str:
    """``4``, o ``(4, 2)``: como se escribe entre corchetes al lanzar."""
    return str(dims[0]) if len(dims) == 1 else f"({', '.join(map(str, dims))})"


def _fine(names: list[str]) -> str:
    """Qué salidas están bien: deja fuera lo que no hay que revisar."""
    if not names:
        return ""
    *some, last = [f"«{name}»" for name in names]
    return f"{', '.join(some)} y {last} sí coinciden." if some else f"{last} sí coincide."


def _first_written(wrong: np.ndarray, got: np.ndarray) -> tuple[int, ...]:
    written = wrong & ~is_poison(got)
    flat = int((written if written.any() else wrong).argmax())
    return tuple(map(int, np.unravel_index(flat, wrong.shape)))


HEADS = {
    "wrong_values": "no coinciden",
    "unwritten_output": "conservan su contenido inicial",
    "reads_output": "salen de su contenido inicial",
}


def _details(code: str, name: str, wrong, got, expected) -> tuple[str, ...]:
    """La tabla de valores, y lo que se ve en el conjunto."""
    blank = is_poison(got) & (code != "reads_output")
    nan = _nan(wrong & ~blank, got, expected) if code == "wrong_values" else ""
    return "\n".join(_rows(name, wrong, blank, got, expected)), _prefix(wrong), nan


def _code(all_blank: bool, who: str) -> str:
    """Un NaN envenenado que alguien escribió viene de leer la salida, no de olvidarla."""
    if not all_blank:
        return "wrong_values"
    return "reads_output" if who else "unwritten_output"


def _rows(name: str, wrong, blank, got: np.ndarray, expected: np.ndarray) -> list[str]:
    where = np.argwhere(wrong)
    with np.errstate(over="ignore", under="ignore"):
        expected = np.asarray(expected).astype(got.dtype)  # en el tipo de la salida
    rows = [("elemento", "obtenido", "esperado")]
    for at in map(tuple, where[:SHOWN].tolist()):
        shown = "sin escribir" if blank[at] else number(got[at])
        rows.append((element(name, at), shown, number(expected[at])))
    extra = len(where) - SHOWN
    return table(rows + ([(f"{name}[…]", f"y {extra} más", "")] if extra > 0 else []))


def _prefix(wrong: np.ndarray) -> str:
    """Si el error empieza en un punto y sigue hasta el final, decirlo: casi siempre explica."""
    flat = wrong.ravel()
    first = int(flat.argmax())
    if first == 0 or not flat[first:].all():
        return ""
    if first == 1:
        return "El primer elemento está bien y los demás no."
    return f"Los primeros {first} elementos están bien y los demás no."


def _nan(wrong: np.ndarray, got: np.ndarray, expected: np.ndarray) -> str:
    """De dónde puede salir un NaN que no se esperaba."""
    if got.dtype.kind != "f" or not (wrong & np.isnan(got) & ~np.isnan(expected)).any():
        return ""
    return (
        "Un nan sale de inf - inf, de 0 por inf, de inf / inf o de 0 / 0, de la raíz o el "
        "logaritmo de un negativo, o de otro nan: el simulador deja nan donde nadie escribió."
    )


def inputs(case: Case, after: tuple, names: tuple[str, ...]) -> list[Note]:
    """Los arreglos de entrada que el kernel cambió, por su contenido bit a bit."""
    notes = []
    for position, (old, new) in enumerate(zip(case.args, after, strict=True)):
        if position in case.outputs or not isinstance(old, np.ndarray):
            continue
        if old.tobytes() != new.tobytes():
            detail = f"Caso «{case.name}»: cambió «{names[position]}»."
            notes.append(Note("right", "input_modified", compose("input_modified", detail)))
    return notes
