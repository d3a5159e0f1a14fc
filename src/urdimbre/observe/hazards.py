"""Los riesgos de una carrera: qué choca con qué, cómo se llama y qué se aconseja."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from urdimbre.observe.findings import ERROR, INFO, MESSAGES, VERBS, Finding, Group, more, place
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
SAME_INSTRUCTION = ("WAW_together", "WAW_same_value")

UPDATE = (
    "Varios hilos leen y escriben el mismo elemento, y unos borran lo de otros: usa una operación "
    "atómica, como cuda.atomic.add o cuda.atomic.max."
)

# Según si el primer caso fue dentro de un mismo bloque.
BETWEEN = {
    True: "También pasa entre bloques, y entre ellos no hay barrera",
    False: "Entre bloques no hay barrera",
}

# (riesgo, si uno de los dos accesos es atómico) -> qué hacer entre bloques.
ACROSS = {
    ("RAW", False): "divide el trabajo en dos lanzamientos, y lee en el segundo.",
    ("WAR", False): "escribe en otro arreglo, o divide el trabajo en dos lanzamientos.",
    ("WAW", False): "da a cada bloque sus elementos, o divide el trabajo en dos lanzamientos.",
    ("WAW", True): "escribe el valor inicial antes, en otro lanzamiento o con una copia.",
}

SPACES = {"shared": "compartida", "global": "global"}


def race_finding(
    launch: LaunchInfo | None, key: tuple, group: Group, updates: set[tuple[int, str]]
) -> Finding:
    """El hallazgo de un grupo.

    Args:
        launch: para nombrar las líneas.
        key: ``(riesgo, línea, arreglo, acceso, lugar anterior)``.
        group: el primer caso y cuántos hubo.
        updates: ``(línea, arreglo)`` donde varios hilos leen y escriben un mismo elemento.
    """
    hazard, line, array, kind, site = key
    places = {"line": line, "other_line": site.line}
    fields = dict(group.fields)
    if (line, array) in updates and hazard in SAME_INSTRUCTION:
        hazard, fields["detail"] = "WAW_update", fields["detail"] | {"severity": ERROR}
    alias = "" if site.array == array else f" (la misma memoria que «{site.array}»)"
    message = MESSAGES[hazard].format(
        now=VERBS[kind],
        before=VERBS[site.kind],
        alias=alias,
        more=more(group.count - 1),
        advice=_advice(key, group, updates),
        **group.words | {name: place(launch, n) for name, n in places.items()},
    )
    return Finding(kind="race", message=message, array=array, count=group.count, **fields | places)


def updates_of(keys: Iterable[tuple]) -> set[tuple[int, str]]:
    """``(línea, arreglo)`` donde varios hilos escriben lo que otros acaban de leer.

    Es el «leer, cambiar y escribir» sin operación atómica: ``s[0] += 1``.
    """
    keys = list(keys)
    written = {(line, array) for hazard, line, array, *_ in keys if hazard in SAME_INSTRUCTION}
    read = {(k[1], k[2]) for k in keys if k[0] == "WAR" and k[4].line <= k[1]}
    return written & read


def _advice(key: tuple, group: Group, updates: set[tuple[int, str]]) -> str:
    """Qué hacer, según los bloques y el orden de las dos líneas en el texto."""
    hazard, line, array, kind, site = key
    detail = group.fields["detail"]
    if hazard in SAME_INSTRUCTION:
        return ""
    if (line, array) in updates:
        return UPDATE
    if group.crosses:
        start = BETWEEN[detail["other_block"] == detail["block"]]
        atomic = "atomic" in (kind, site.kind)
        return f"{start}: {ACROSS.get((hazard, atomic)) or ACROSS[hazard, False]}"
    return _barrier_advice(line, site.line, hazard).format(
        where=", donde pasen todos los hilos del bloque" if detail["partial"] else ""
    )


def _barrier_advice(line: int, other_line: int, hazard: str) -> str:
    if not same_function(line, other_line):
        return "Pon cuda.syncthreads() entre los dos accesos{where}."
    if line > other_line:
        return f"Pon cuda.syncthreads() entre la línea {other_line} y la {line}{{where}}."
    if line < other_line:
        return (
            f"El ciclo vuelve a la línea {line}: pon cuda.syncthreads() al final de cada "
            "vuelta{where}."
        )
    if hazard == "WAR":
        return "Lee a una variable, llama a cuda.syncthreads(){where}, y escribe después."
    if hazard == "WAW":
        return (
            "La línea se repite: revisa el índice, para que cada elemento lo escriba un solo "
            "hilo, o pon cuda.syncthreads() entre una vuelta y la siguiente{where}."
        )
    return "La línea se repite: pon cuda.syncthreads() entre una vuelta y la siguiente{where}."


def same_function(line: int, other: int) -> bool:
    """Si los dos números son del mismo texto: solo así se sabe cuál va antes."""
    parts = ("origin", "function")
    return all(getattr(line, p, "") == getattr(other, p, "") for p in parts)
