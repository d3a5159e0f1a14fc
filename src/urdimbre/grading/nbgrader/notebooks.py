"""Los notebooks de las unidades, escritos a partir del catálogo y de ``solutions/<unidad>/*.py``.

El mismo texto da siempre los mismos bytes: identificadores por resumen, sin salidas, claves en
orden. La versión del docente va a ``solutions/``; la del estudiante la hace nbgrader.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from urdimbre.errors import ExerciseError
from urdimbre.exercises import Exercise, Unit, in_unit

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

HOW_TO = """\
## Cómo se trabaja aquí

1. Corre la primera celda de código: enciende la GPU si la hay, o el simulador si no.
2. En cada ejercicio, borra la línea `raise NotImplementedError()` y escribe tu código en su lugar.
3. Corre tu celda y la que le sigue: `check` te dice si el resultado está bien, si el *kernel* es \
limpio y si es bueno.
4. Guarda el notebook y entrégalo con el mismo nombre.

La nota sale del texto de tus celdas de solución, no de lo que muestran.
Escribe lo que necesites dentro de la celda del ejercicio, también las funciones auxiliares.
Las celdas que añadas son tuyas: no se califican."""

SETUP = """\
%load_ext urdimbre

from urdimbre import check"""

HINT_LABELS = ("Primera pista", "Segunda pista", "Tercera pista")


def unit_notebook(unit: Unit, solutions: Path) -> NotebookNode:
    """Notebook del docente de una unidad.

    Args:
        unit: la unidad.
        solutions: carpeta con la solución de cada ejercicio, ``<ejercicio>.py``.

    Raises:
        ExerciseError: si falta la solución de un ejercicio.
    """
    cells = [_markdown(f"# Ejercicios de la unidad {unit.number}: {unit.title}"), _markdown(HOW_TO)]
    cells.append(_code(SETUP))
    for number, exercise in enumerate(in_unit(unit.slug), start=1):
        source = _solution(solutions / f"{exercise.id}.py")
        cells += exercise_cells(exercise, source, f"{unit.number}.{number}")
    return _notebook(cells, unit.slug)


def _solution(path: Path) -> str:
    if not path.is_file():
        raise ExerciseError(f"Falta la solución «{path}».")
    return path.read_text(encoding="utf-8")


def exercise_cells(exercise: Exercise, solution: str, number: str) -> list[NotebookNode]:
    """Enunciado, pistas, solución y comprobación de un ejercicio."""
    return [
        _markdown(f"## Ejercicio {number}: {exercise.title}\n\n{_statement(exercise)}"),
        _markdown(_hints(exercise)),
        _code(solution.strip(), _marks(exercise.id, solution=True)),
        _code(check_source(exercise), _marks(f"check_{exercise.id}", points=exercise.points)),
    ]


def check_source(exercise: Exercise) -> str:
    """Texto de la celda de comprobación: muestra el informe y falla si el ejercicio no pasa."""
    return f'check("{exercise.id}", {", ".join(exercise.symbols)}).require()'


def _statement(exercise: Exercise) -> str:
    size = f"Extensión: {exercise.size}. " if exercise.size else ""
    return f"{exercise.statement.strip()}\n\n*{size}Vale {exercise.points} puntos.*"


def _hints(exercise: Exercise) -> str:
    return "\n\n".join(
        f"<details>\n<summary>{label}</summary>\n\n{hint.strip()}\n\n</details>"
        for label, hint in zip(HINT_LABELS, exercise.hints, strict=True)
    )


def _marks(grade_id: str, *, solution: bool = False, points: int = 0) -> dict:
    marks = {
        "grade": not solution,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return {"nbgrader": marks if solution else marks | {"points": points}}


def _markdown(source: str) -> NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def _code(source: str, metadata: dict | None = None) -> NotebookNode:
    return nbformat.v4.new_code_cell(source, metadata=metadata or {})


def _notebook(cells: list[NotebookNode], name: str) -> NotebookNode:
    for position, cell in enumerate(cells):
        marks = cell.metadata.get("nbgrader", {})
        cell["id"] = cell_id(name, marks.get("grade_id", f"{position}:{cell.source}"))
    language = {"name": "python"}
    return nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": KERNELSPEC, "language_info": language}
    )


def cell_id(name: str, key: str) -> str:
    """Identificador estable de una celda: el mismo texto da el mismo."""
    return hashlib.sha256(f"{name}/{key}".encode()).hexdigest()[:8]


def as_text(notebook: NotebookNode) -> str:
    """El notebook como se guarda: claves en orden, sangría de un espacio, salto final."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"
