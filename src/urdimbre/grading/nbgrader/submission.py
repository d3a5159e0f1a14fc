"""Leer una entrega sin fiarse de ella: solo importa el texto de sus celdas.

No se usa ``nbformat``: un archivo que no cumple el formato también puede traer soluciones.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_BYTES = 50_000_000
HEAVY_BYTES = 5_000_000
MAX_SOURCE = 100_000

PROBLEMS = {
    "missing": "No se encontró el archivo del notebook.",
    "empty": "El archivo entregado está vacío. Guarda el notebook y entrégalo otra vez.",
    "too_large": (
        "El notebook pesa {size} MB y el máximo es {limit} MB. "
        "Borra las salidas de las celdas, guarda y entrégalo otra vez."
    ),
    "utf16": (
        "El archivo entregado está en UTF-16, y un notebook va en UTF-8. "
        "Descárgalo otra vez desde Jupyter, sin abrirlo con un editor de texto."
    ),
    "not_text": "El archivo entregado no es un notebook: no es texto en UTF-8.",
    "not_json": (
        "El archivo entregado no es un notebook: no se puede leer como JSON. "
        "Descárgalo otra vez desde Jupyter, sin abrirlo con un editor de texto."
    ),
    "not_notebook": "El archivo entregado no es un notebook: no tiene una lista de celdas.",
    "old_format": (
        "El notebook está en un formato antiguo (nbformat 3 o anterior). "
        "Ábrelo en JupyterLab, guárdalo y entrégalo otra vez."
    ),
    "no_solutions": (
        "El notebook no tiene celdas de solución. "
        "Revisa que entregaste el notebook de los ejercicios y no el del capítulo."
    ),
}
HEAVY = (
    "El notebook pesa {size} MB: se leyó el texto de tus soluciones, no las salidas de las celdas."
)


@dataclass(frozen=True)
class Cell:
    """Una celda de la entrega: su texto y el identificador que dice tener."""

    source: str
    cell_type: str = "code"
    grade_id: str = ""


@dataclass(frozen=True)
class Submission:
    """Lo que se pudo leer.

    Attributes:
        cells: celdas en el orden de la entrega.
        problem: clave de :data:`PROBLEMS`; vacía si se pudo leer.
        message: el problema o el aviso, para el estudiante; vacío si no hay nada que decir.
    """

    cells: tuple[Cell, ...] = ()
    problem: str = ""
    message: str = ""


def read_submission(path: str | Path, *, max_bytes: int = MAX_BYTES) -> Submission:
    """Lee un archivo entregado. Nunca falla por lo que contenga: el problema va en el resultado."""
    path = Path(path)
    if not path.is_file():
        return _unreadable("missing")
    size = path.stat().st_size
    if size > max_bytes:
        return _unreadable("too_large", size=_megabytes(size), limit=_megabytes(max_bytes))
    return _parse(path.read_bytes(), _heavy_notice(size))


def _in_utf16(raw: bytes) -> bool:
    """Si es un notebook guardado en UTF-16, y no un archivo cualquiera que empieza parecido."""
    encoding = json.detect_encoding(raw)
    try:
        return encoding.startswith("utf-16") and raw.decode(encoding).lstrip("\ufeff \n")[:1] == "{"
    except UnicodeDecodeError:
        return False


def _parse(raw: bytes, notice: str) -> Submission:
    if not raw.strip():
        return _unreadable("empty")
    if _in_utf16(raw):
        return _unreadable("utf16")
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _unreadable("not_text")
    except (ValueError, RecursionError):
        return _unreadable("not_json")
    cells = document.get("cells") if isinstance(document, dict) else None
    if cells is None and isinstance(document, dict) and "worksheets" in document:
        return _unreadable("old_format")
    if not isinstance(cells, list):
        return _unreadable("not_notebook")
    return Submission(tuple(_cell(raw) for raw in cells if isinstance(raw, dict)), message=notice)


def _cell(raw: dict[str, Any]) -> Cell:
    metadata = raw.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
    kind = raw.get("cell_type")
    return Cell(
        source=_text(raw.get("source")),
        cell_type=kind if isinstance(kind, str) else "",
        grade_id=grade_id if isinstance(grade_id, str) else "",
    )


def _text(source: Any) -> str:
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def _unreadable(problem: str, **values: str) -> Submission:
    return Submission(problem=problem, message=PROBLEMS[problem].format(**values))


def _heavy_notice(size: int) -> str:
    return HEAVY.format(size=_megabytes(size)) if size > HEAVY_BYTES else ""


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.3g}".replace(".", ",")


def find_solution(
    cells: tuple[Cell, ...], grade_id: str, symbols: tuple[str, ...] = (), stub: str = ""
) -> str:
    """Texto de la solución de un ejercicio; vacío si no está.

    Si varias celdas tienen el mismo ``grade_id`` (copiadas, o una partida en dos), se unen en el
    orden del notebook, sin las que siguen como el texto de partida: vale lo último que define cada
    nombre, como al correrlas. Si ninguna tiene el identificador (se perdió la marca), vale la
    última celda de código sin marca que define algún nombre de ``symbols``; lo que esa celda no
    traiga se busca después en las demás.
    """
    marked = [cell.source for cell in cells if cell.grade_id == grade_id]
    written = [text for text in marked if text.strip() and text.strip() != stub.strip()]
    if written:
        return "\n\n".join([text for text in written if parses(text)] or written[-1:])
    unmarked = [] if marked else [c.source for c in cells if _defines_unmarked(c, symbols)]
    return (unmarked or marked or [""])[-1]


def _defines_unmarked(cell: Cell, symbols: tuple[str, ...]) -> bool:
    if cell.grade_id or cell.cell_type != "code":
        return False
    functions = [n for n in statements(cell.source) if isinstance(n, ast.FunctionDef)]
    return not {function.name for function in functions}.isdisjoint(symbols)


def parses(source: str) -> bool:
    """Si el texto es Python con al menos una instrucción."""
    return bool(statements(source))


def statements(source: str) -> list[ast.stmt]:
    """Instrucciones del primer nivel; ninguna si el texto no es Python."""
    try:
        return ast.parse(source[:MAX_SOURCE]).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
