"""Los riesgos de una carrera: qué choca con qué, cómo se llama y qué se aconseja."""

from __future__ import annotations

from dataclasses import dataclass

from urdimbre.observe.findings import INFO, MESSAGES, VERBS, Finding, Group, more, place
from urdimbre.sim.events import LaunchInfo

# Acceso nuevo -> clases anteriores con las que choca.
CLASHES = {
    "load": ("store", "atomic"),
    "store": ("store", "load", "atomic"),
    "atomic": ("store", "load"),
}

# (anterior, nuevo) -> nombre del riesgo; una atómica cuenta como escritura.
HAZARDS = {
    ("store", "load"): "RAW",
    ("atomic", "load"): "RAW",
    ("load", "store"): "WAR",
    ("load", "atomic"): "WAR",
    ("store", "store"): "WAW",
    ("store", "atomic"): "WAW",
    ("atomic", "store"): "WAW",
}


@dataclass(frozen=True)
class Site:
    """Un lugar del código que toca un arreglo."""

    line: int
    array: str
    kind: str


SEVERITY = {"WAW_same_value": INFO}  # los demás riesgos son errores
SPACES = {"shared": "compartida", "global": "global"}


def race_finding(launch: LaunchInfo | None, key: tuple, group: Group) -> Finding:
    """El hallazgo de un grupo; ``key`` es ``(riesgo, línea, arreglo, acceso, lugar anterior)``."""
    hazard, line, array, kind, site = key
    places = {"line": line, "other_line": site.line}
    named = {name: place(launch, n) for name, n in places.items()}
    message = MESSAGES[hazard].format(
        now=VERBS[kind],
        before=VERBS[site.kind],
        more=more(group.count - 1),
        advice=_advice(line, site.line, hazard, group.fields["detail"]),
        **group.words | named,
    )
    return Finding(
        kind="race", message=message, array=array, count=group.count, **group.fields | places
    )


def _advice(line: int, other_line: int, hazard: str, detail: dict) -> str:
    """Qué hacer, según los bloques y el orden de las dos líneas en el texto."""
    if detail["other_block"] != detail["block"]:
        return "Entre bloques no hay barrera: usa una operación atómica, o dos lanzamientos."
    if not same_function(line, other_line):
        return "Pon cuda.syncthreads() entre los dos accesos."
    if line > other_line:
        return f"Pon cuda.syncthreads() entre la línea {other_line} y la {line}."
    if line < other_line:
        return f"El ciclo vuelve a la línea {line}: pon cuda.syncthreads() al final de cada vuelta."
    if hazard == "WAR":
        return "Lee a una variable, llama a cuda.syncthreads() y escribe después."
    return "La línea se repite: pon cuda.syncthreads() entre una vuelta y la siguiente."


def same_function(line: int, other: int) -> bool:
    """Si los dos números son del mismo texto: solo así se sabe cuál va antes."""
    parts = ("origin", "function")
    return all(getattr(line, p, "") == getattr(other, p, "") for p in parts)
