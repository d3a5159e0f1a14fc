"""Del código Python de un kernel a su árbol, con los nombres que ve.

Dos caminos, un mismo resultado (:class:`Source`): una función ya definida, de la que se leen el
texto, las variables globales y las de cierre; o un texto que *no se ejecuta* (``loader.py``).
"""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from urdimbre.errors import KernelSourceError
from urdimbre.sim.events import Line
from urdimbre.sim.frontend.foreign import translate


@dataclass(frozen=True, eq=False)
class Source:
    """Una función de Python lista para tipar.

    Attributes:
        node: su ``ast.FunctionDef``, con las líneas del archivo.
        lookup: nombre -> objeto para lo que no es local.
        lines: texto de la función, línea a línea.
        first_line: número de la primera en el archivo.
        origin: el archivo o la celda, como lo nombra Python.
    """

    name: str
    node: ast.FunctionDef
    lookup: Mapping[str, Any]
    filename: str
    lines: tuple[str, ...]
    first_line: int
    origin: str = ""

    def __post_init__(self) -> None:
        known: dict[int, Line] = {}
        for node in ast.walk(self.node):
            if hasattr(node, "lineno"):
                n = int(node.lineno)
                known[n] = known.get(n) or self._line(n)
                node.lineno = known[n]

    def _line(self, number: int) -> Line:
        return Line(number, self.origin or self.filename, self.name, self.line_text(number))

    def line_text(self, line: int) -> str:
        i = line - self.first_line
        return self.lines[i].strip() if 0 <= i < len(self.lines) else ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


class Names(Mapping):
    """Los nombres que ve una función: cierre, globales y, al final, los de Python."""

    def __init__(self, *scopes: Mapping[str, Any]):
        self.scopes = (*scopes, vars(builtins))

    def __getitem__(self, name: str) -> Any:
        for scope in self.scopes:
            if name in scope:
                return translate(scope[name])
        raise KeyError(name)

    def __iter__(self):
        return iter({name for scope in self.scopes for name in scope})

    def __len__(self) -> int:
        return sum(1 for _ in self)


def from_function(fn: Any) -> Source:
    """Lee el código de una función de Python.

    Raises:
        KernelSourceError: si el texto no está disponible (escrito en la consola de Python).
    """
    lines, first = _source_lines(fn)
    node = _parse(lines, fn)
    ast.increment_lineno(node, first - 1)
    scope = Names(_closure(fn), fn.__globals__)
    code = fn.__code__
    return Source(fn.__name__, node, scope, _short(code), tuple(lines), first, code.co_filename)


def _source_lines(fn: Any) -> tuple[list[str], int]:
    linecache.checkcache(fn.__code__.co_filename)
    try:
        lines, first = inspect.getsourcelines(fn)
    except (OSError, TypeError):
        raise KernelSourceError(
            f"No se encuentra el código fuente de «{fn.__name__}». "
            "Escribe el kernel en un archivo .py o en una celda de Jupyter."
        ) from None
    return textwrap.dedent("".join(lines)).splitlines(), max(first, 1)


def _parse(lines: list[str], fn: Any) -> ast.FunctionDef:
    if fn.__code__.co_name == "<lambda>":
        return _lambda("\n".join(lines).strip().rstrip(","), fn)
    tree = ast.parse("\n".join(lines))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == fn.__code__.co_name:
            return node
    raise KernelSourceError(
        f"«{fn.__name__}» no es una función con «def». Un kernel se escribe con «def»."
    )


def _lambda(text: str, fn: Any) -> ast.FunctionDef:
    """``lambda x, y: …`` como una función de una línea."""
    try:
        found = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Lambda)]
    except SyntaxError:
        found = []
    if len(found) > 1:
        found = [n for n in found if _same_code(n, fn.__code__)]
    if len(found) != 1:
        raise KernelSourceError("No se distingue qué «lambda» es esta: escríbela con «def».")
    body = ast.copy_location(ast.Return(found[0].body), found[0])
    made = ast.FunctionDef(name="lambda", args=found[0].args, body=[body], decorator_list=[])
    return ast.copy_location(made, found[0])


def _same_code(node: ast.Lambda, code: Any) -> bool:
    made = compile(ast.Expression(node), code.co_filename, "eval").co_consts[0]
    parts = ("co_code", "co_consts", "co_names", "co_varnames")
    return all(getattr(made, p) == getattr(code, p) for p in parts)


def _closure(fn: Any) -> dict[str, Any]:
    names, cells = fn.__code__.co_freevars, fn.__closure__ or ()
    return {n: c.cell_contents for n, c in zip(names, cells, strict=True) if _filled(c)}


def _filled(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018  una celda vacía lanza ValueError
    except ValueError:
        return False
    return True


def _short(code: Any) -> str:
    """El archivo, o «<celda>» si es de un notebook: su ruta cambia en cada sesión."""
    name = code.co_filename
    return "<celda>" if name.startswith("<") or "ipykernel_" in name else name
