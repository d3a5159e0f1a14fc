"""Los kernels de un capítulo, por su nombre, para el ``numba.cuda`` que se le dé.

El capítulo es la única fuente: de sus celdas se toman las constantes y las funciones con
``@cuda.jit``, y nada más se ejecuta. Cada función conserva su línea del archivo, así que un aviso
del compilador o de *compute-sanitizer* lleva a la línea del libro.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
EXPERIMENTS = "experiments"
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OPTIONS = re.compile(r"\A(?:---\n.*?\n---\n|(?::[\w-]+:[^\n]*\n)+)", re.DOTALL)

# De lo que se compone una constante; lo demás de una celda no se ejecuta.
CONSTANT = (
    ast.Constant, ast.Name, ast.Tuple, ast.Attribute, ast.UnaryOp, ast.BinOp, ast.Call,
    ast.operator, ast.unaryop, ast.expr_context,
)  # fmt: skip
MODULES = {"np": np, "math": math}


def path_of(chapter: str, root: Path = ROOT) -> Path:
    """El archivo: ``u04_transpose_ladder`` es ``book/u04_transpose_ladder.md``.

    Los experimentos, que no son del libro, están en ``benchmarks/experiments.md``.
    """
    return root / ("benchmarks" if chapter == EXPERIMENTS else "book") / f"{chapter}.md"


def load(chapter: str, cuda: Any, root: Path = ROOT, lines: bool = False) -> dict[str, Any]:
    """Las constantes y los kernels de un capítulo, hechos con ``cuda``, por nombre.

    Args:
        cuda: el módulo ``numba.cuda`` de verdad, o el del simulador.
        lines: si se compila con ``lineinfo``, para que las herramientas citen líneas.

    Errors:
        FileNotFoundError: no hay un capítulo con ese nombre.
    """
    path = path_of(chapter, root)
    scope: dict[str, Any] = {**MODULES, "cuda": cuda, "__name__": chapter}
    for node in _kept(path.read_text(encoding="utf-8")):
        if isinstance(node, ast.ImportFrom):
            scope |= numba_names(node)
            continue
        if lines and isinstance(node, ast.FunctionDef):
            node.decorator_list = [_with_lines(d) for d in node.decorator_list]
        exec(compile(ast.Module([node], []), str(path), "exec"), scope)
    return {k: v for k, v in scope.items() if k not in (*MODULES, "cuda") and k[:2] != "__"}


def kernel_names(chapter: str, root: Path = ROOT) -> list[str]:
    """Los kernels de un capítulo, en el orden en que aparecen, sin los que llevan otra función."""
    nodes = _kept(path_of(chapter, root).read_text(encoding="utf-8"))
    return [node.name for node in nodes if isinstance(node, ast.FunctionDef)]


def constant_values(chapter: str, root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Cada asignación de una constante, con su expresión: la misma puede estar dos veces."""
    for node in _kept(path_of(chapter, root).read_text(encoding="utf-8")):
        if isinstance(node, ast.Assign):
            yield ast.unparse(node.targets[0]), ast.unparse(node.value)


def _kept(text: str) -> Iterator[ast.stmt]:
    known = set(MODULES)
    for node in statements(text):
        if _is_kernel(node) or brings_numba(node):
            yield node
        elif isinstance(node, ast.Assign) and _names_a_constant(node, known):
            known |= {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
            yield node


def statements(text: str) -> Iterator[ast.stmt]:
    """Las instrucciones de primer nivel de las celdas, con sus líneas en el archivo."""
    for match in CELL.finditer(text):
        options = OPTIONS.match(match[1])
        skipped = options.end() if options else 0
        before = text.count("\n", 0, match.start(1) + skipped)
        lines = ("" if x.startswith("%") else x for x in match[1][skipped:].splitlines())
        tree = ast.parse("\n".join(lines))
        yield from ast.increment_lineno(tree, before).body


def brings_numba(node: ast.stmt) -> bool:
    """``from numba import …``: aquí ``cuda`` ya está, y los tipos son los de NumPy."""
    return isinstance(node, ast.ImportFrom) and node.module == "numba"


def numba_names(node: ast.ImportFrom) -> dict[str, Any]:
    """Los tipos que trae un ``from numba import …``, sin ``cuda``."""
    names = (alias for alias in node.names if alias.name != "cuda")
    return {alias.asname or alias.name: getattr(np, alias.name) for alias in names}


def _is_kernel(node: ast.stmt) -> bool:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else ()
    return any(ast.unparse(d).startswith("cuda.jit") for d in decorators)


def _with_lines(decorator: ast.expr) -> ast.expr:
    """``@cuda.jit`` como ``@cuda.jit(lineinfo=True)``, con las demás opciones que tuviera."""
    call = decorator if isinstance(decorator, ast.Call) else ast.Call(decorator, [], [])
    call.keywords.append(ast.keyword("lineinfo", ast.Constant(True)))
    return ast.fix_missing_locations(ast.copy_location(call, decorator))


def _names_a_constant(node: ast.Assign, known: set[str]) -> bool:
    """``N = 4`` o ``A, B = 1, 2``; no ``x[0] = 4``."""
    plain = all(isinstance(target, ast.Name | ast.Tuple) for target in node.targets)
    return plain and _is_constant(node.value, known)


def _is_constant(node: ast.expr, known: set[str]) -> bool:
    parts = list(ast.walk(node))
    calls = (part.func for part in parts if isinstance(part, ast.Call))
    return (
        all(isinstance(part, CONSTANT) for part in parts)
        and all(part.id in known for part in parts if isinstance(part, ast.Name))
        and all(_is_from_module(call) for call in calls)
    )


def _is_from_module(call: ast.expr) -> bool:
    """``np.float32`` o ``math.sqrt``; no un método de un valor."""
    return (
        isinstance(call, ast.Attribute)
        and isinstance(call.value, ast.Name)
        and call.value.id in MODULES
    )
