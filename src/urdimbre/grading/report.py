"""El informe de una comprobación: datos congelados, y cómo se leen en una terminal."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from typing import Any, NamedTuple

from urdimbre.errors import CheckFailed
from urdimbre.exercises.spec import Exercise
from urdimbre.grading import html
from urdimbre.grading.messages import LAYERS, STATUS
from urdimbre.grading.show import show

TERMINAL = 80  # columnas de una terminal sin agrandar


class Note(NamedTuple):
    """Algo que se encontró: en qué capa, con qué código y su explicación."""

    layer: str
    code: str
    message: str


class Layer(NamedTuple):
    """Una de las tres preguntas y su respuesta: ``ok``, ``failed``, ``pending`` o ``unused``."""

    name: str
    status: str
    weight: float

    @property
    def label(self) -> str:
        """La pregunta, en español."""
        return LAYERS[self.name]


@dataclass(frozen=True, repr=False)
class Report:
    """El resultado de comprobar un ejercicio.

    Attributes:
        exercise, title: identificador y título.
        layers: correcto, limpio y bueno, en ese orden.
        findings: lo encontrado, en el orden de las capas.
        cases: cuántos casos se corrieron.
        advice: observaciones que no restan.
        picture: SVG con el patrón de acceso, o vacío.
    """

    exercise: str
    title: str
    layers: tuple[Layer, ...]
    findings: tuple[Note, ...] = ()
    cases: int = 0
    advice: tuple[str, ...] = ()
    picture: str = ""

    @property
    def passed(self) -> bool:
        """Si no quedó nada por corregir."""
        return not self.findings and all(layer.status in ("ok", "unused") for layer in self.layers)

    @property
    def score(self) -> float:
        """Parte de la nota que suman las capas superadas, en [0, 1]."""
        return clamp(sum(layer.weight for layer in self.layers if layer.status == "ok"))

    @property
    def codes(self) -> tuple[str, ...]:
        """Los códigos encontrados, sin repetir, en orden."""
        return tuple(dict.fromkeys(note.code for note in self.findings))

    @property
    def code(self) -> str:
        """El primer código, o vacío si todo está bien."""
        return self.codes[0] if self.findings else ""

    def to_dict(self) -> dict[str, Any]:
        """El informe con tipos que JSON entiende."""
        return {
            "exercise": self.exercise,
            "title": self.title,
            "passed": self.passed,
            "score": self.score,
            "layers": [layer._asdict() for layer in self.layers],
            "findings": [note._asdict() for note in self.findings],
            "cases": self.cases,
            "advice": list(self.advice),
            "picture": self.picture,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Report:
        """El informe que dio :meth:`to_dict`."""
        return cls(
            exercise=str(data["exercise"]),
            title=str(data["title"]),
            layers=tuple(Layer(**layer) for layer in data["layers"]),
            findings=tuple(Note(**note) for note in data["findings"]),
            cases=int(data["cases"]),
            advice=tuple(map(str, data["advice"])),
            picture=str(data["picture"]),
        )

    def __str__(self) -> str:
        lines = [f"{self.title} ({self.exercise})"]
        lines += [f"  {layer.label:<18} {STATUS[layer.status]}" for layer in self.layers]
        for note in self.findings:
            first, *rest = note.message.splitlines()
            lines += ["", folded(f"{first} [{note.code}]"), *(folded(x, "  ") for x in rest)]
        for text in self.advice:
            lines += ["", *map(folded, text.splitlines())]
        return "\n".join([*lines, "", self.summary])

    @property
    def summary(self) -> str:
        """Una línea de cierre con la nota y los casos."""
        score = f"{100 * self.score:.0f} %"
        plural = "caso" if self.cases == 1 else "casos"
        return f"Nota: {score} ({self.cases} {plural})."

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html.render(self)

    def require(self) -> None:
        """Muestra el informe y falla si queda algo por corregir: así la celda cuenta como fallida.

        Raises:
            CheckFailed: si el informe no pasa.
        """
        show(self)
        if not self.passed:
            raise CheckFailed(f"«{self.title}» todavía no pasa. {self.summary}")


def folded(line: str, indent: str = "") -> str:
    """Una línea en renglones de una terminal; las tablas y el código citado quedan enteros."""
    if html.quoted(line):
        return indent + line
    options = {"initial_indent": indent, "subsequent_indent": indent}
    return textwrap.fill(line, TERMINAL, break_long_words=False, break_on_hyphens=False, **options)


def clamp(score: float) -> float:
    """La nota llevada a [0, 1]; lo que no es un número finito vale 0."""
    if not isinstance(score, (int, float)) or not math.isfinite(score):
        return 0.0
    return float(min(1.0, max(0.0, round(score, 9))))


def build(
    exercise: Exercise,
    findings: tuple[Note, ...],
    *,
    cases: int = 0,
    advice: tuple[str, ...] = (),
    picture: str = "",
) -> Report:
    """Informe con el estado de cada capa deducido de lo encontrado.

    Una capa solo cuenta si la anterior se superó: las siguientes quedan pendientes.
    """
    broken = {note.layer for note in findings}
    layers, blocked = [], False
    for name in LAYERS:
        weight = getattr(exercise.weights, name)
        status = "failed" if name in broken else "pending" if blocked else "ok"
        layers.append(Layer(name, status if weight else "unused", weight))
        blocked = blocked or name in broken
    order = list(LAYERS)
    ordered = tuple(sorted(findings, key=lambda note: order.index(note.layer)))
    return Report(exercise.id, exercise.title, tuple(layers), ordered, cases, advice, picture)
