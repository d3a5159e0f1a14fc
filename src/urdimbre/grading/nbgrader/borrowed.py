"""Lo que una solución usa y está escrito en otra celda de la misma entrega.

En el notebook del estudiante todas las celdas comparten nombres; el juez lee una sola. Aquí se
añade a la solución lo que le falta: importaciones, constantes y funciones auxiliares, como texto.
"""

from __future__ import annotations

import ast

from urdimbre.grading.nbgrader.submission import Cell, statements

HEADER = "\n\n# Tomado de otras celdas de tu notebook:\n"


def with_borrowed(source: str, cells: tuple[Cell, ...], symbols: tuple[str, ...] = ()) -> str:
    """La solución, seguida de las definiciones de otras celdas que necesita.

    Va después para no mover los números de línea. Solo se toma de celdas de código sin marca.
    ``symbols`` es lo que el ejercicio pide definir: si falta alguno, también se busca.
    """
    offered = _definitions(cells)
    taken: dict[str, str] = {}
    pending = _missing(source) | _undefined(source, symbols)
    while names := (pending & offered.keys()) - taken.keys():
        taken.update({name: offered[name] for name in names})
        pending = _missing("\n".join([source, *taken.values()]))
    return source + HEADER + "\n".join(_unique(taken)) if taken else source


def _unique(taken: dict[str, str]) -> list[str]:
    return sorted(set(taken.values()), key=lambda text: (not _is_import(text), text))


def _is_import(text: str) -> bool:
    return text.startswith(("import ", "from "))


def _definitions(cells: tuple[Cell, ...]) -> dict[str, str]:
    """Nombre -> texto de la última instrucción de una celda sin marca que lo define."""
    found: dict[str, str] = {}
    for cell in cells:
        if cell.cell_type == "code" and not cell.grade_id:
            for node in statements(cell.source):
                found.update(dict.fromkeys(_binds(node), _segment(cell.source, node)))
    return found


def _binds(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []


def _segment(source: str, node: ast.stmt) -> str:
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    return "\n".join(source.splitlines()[first - 1 : node.end_lineno])


def _undefined(source: str, symbols: tuple[str, ...]) -> set[str]:
    """Los símbolos que el texto, si es Python, no define."""
    nodes = statements(source)
    return set(symbols) - {name for node in nodes for name in _binds(node)} if nodes else set()


def _missing(source: str) -> set[str]:
    """Nombres que el texto usa y no define."""
    nodes = [inner for node in statements(source) for inner in ast.walk(node)]
    defined = {name for node in nodes if isinstance(node, ast.stmt) for name in _binds(node)}
    names = [node for node in nodes if isinstance(node, ast.Name)]
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    params = {node.arg for node in nodes if isinstance(node, ast.arg)}
    return {node.id for node in names if isinstance(node.ctx, ast.Load)} - defined - stored - params
