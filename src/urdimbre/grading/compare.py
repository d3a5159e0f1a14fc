"""Comparar lo que dejó el kernel con lo esperado, y decir en qué se aparta."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from urdimbre.exercises.inputs import is_poison
from urdimbre.exercises.spec import Case, Tolerance
from urdimbre.grading.messages import compose
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
    """Lo que está mal en las salidas de un caso.

    ``writer(posición, índice)`` da la frase que dice quién escribió el primer elemento mal.
    """
    pairs = dict(zip(case.outputs, case.expected, strict=True))
    masks = {at: mismatches(after[at], expected, tolerance) for at, expected in pairs.items()}
    fine = _fine([names[at] for at, wrong in masks.items() if not wrong.any()])
    notes = []
    for at, wrong in masks.items():
        if wrong.any():
            who = writer(at, _first_written(wrong, after[at]))
            details = (fine, who)
            notes.append(_output(case.name, names[at], wrong, after[at], pairs[at], details))
    return notes


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


def _output(case: str, name: str, wrong, got, expected, details: tuple[str, str]) -> Note:
    blank = is_poison(got)
    code = _code(bool(blank[wrong].all()), details[1])
    head = f"Caso «{case}»: {int(wrong.sum())} de {wrong.size} elementos de «{name}» {HEADS[code]}."
    if code == "reads_output":
        blank = np.zeros_like(blank)
    table = "\n".join(_rows(name, wrong, blank, got, expected))
    nan = _nan(wrong & ~blank, got, expected) if code == "wrong_values" else ""
    return Note("right", code, compose(code, head, table, _prefix(wrong), nan, *details))


def _code(all_blank: bool, who: str) -> str:
    """Un NaN envenenado que alguien escribió viene de leer la salida, no de olvidarla."""
    if not all_blank:
        return "wrong_values"
    return "reads_output" if who else "unwritten_output"


def _rows(name: str, wrong, blank, got: np.ndarray, expected: np.ndarray) -> list[str]:
    where = np.argwhere(wrong)
    with np.errstate(over="ignore", under="ignore"):
        expected = np.asarray(expected).astype(got.dtype)  # en el tipo de la salida
    rows = [f"{'elemento':<16} {'obtenido':>14} {'esperado':>14}"]
    for at in map(tuple, where[:SHOWN]):
        label = f"{name}[{', '.join(str(int(k)) for k in at)}]"
        shown = "sin escribir" if blank[at] else number(got[at])
        rows.append(f"{label:<16} {shown:>14} {number(expected[at]):>14}")
    extra = len(where) - SHOWN
    return rows + ([f"y {extra} más"] if extra > 0 else [])


def _prefix(wrong: np.ndarray) -> str:
    """Si el error empieza en un punto y sigue hasta el final, decirlo: casi siempre explica."""
    flat = wrong.ravel()
    first = int(flat.argmax())
    if first == 0 or not flat[first:].all():
        return ""
    return f"Los primeros {first} elementos están bien y los demás no."


def _nan(wrong: np.ndarray, got: np.ndarray, expected: np.ndarray) -> str:
    """De dónde puede salir un NaN que no se esperaba."""
    if got.dtype.kind != "f" or not (wrong & np.isnan(got) & ~np.isnan(expected)).any():
        return ""
    return (
        "Un nan sale de inf - inf, de 0 por inf, de inf / inf o de 0 / 0, de la raíz o el "
        "logaritmo de un negativo, o de otro nan: el simulador deja nan donde nadie escribió."
    )


def number(value: object) -> str:
    """Un número en pocas cifras, sin el envoltorio de NumPy."""
    value = value.item() if isinstance(value, np.generic) else value
    return f"{value:.7g}" if isinstance(value, float) else str(value)


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
