"""Leer kernels de un texto sin ejecutarlo.

El juez no corre el Python de quien entrega: lee sus ``import``, sus constantes y sus funciones con
``@cuda.jit``, y nada más. Un kernel se ejecuta después sobre el simulador, que no tiene archivos,
red ni procesos.
"""

from __future__ import annotations

import ast
import builtins
import cmath
import math
from typing import Any

import numpy as np

from urdimbre.errors import KernelSourceError
from urdimbre.sim import facade
from urdimbre.sim.frontend.source import Names, Source
from urdimbre.sim.host.kernel import Kernel, contracts
from urdimbre.sim.reading.constants import IGNORED, NumbaModule, Unreadable, constant

PLAIN = "__plain__"  # las funciones sin decorador: cuda.jit puede envolverlas más abajo
GROUPS = ("cg", "fp16", "libdevice", "random")
MODULES: dict[str, Any] = {"math": math, "cmath": cmath, "numpy": np, "numba.cuda": facade,
                           **{f"numba.cuda.{n}": getattr(facade, n) for n in GROUPS}}  # fmt: skip
SAFE_NAMES = ("range", "len", "min", "max", "abs", "int", "float", "bool", "round", "pow", "divmod",
              "print", "complex", "enumerate", "zip", "True", "False", "None")  # fmt: skip


def load_source(
    text: str, filename: str = "<entrega>", names: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Kernels, constantes e importaciones de un texto, por nombre.

    ``names`` son los nombres que ya existían antes del texto: en un notebook, lo que importaron
    las celdas de arriba. Lo que no se lee queda en ``resultado["__ignored__"]`` como pares
    (línea, texto).

    Raises:
        KernelSourceError: si el texto no es Python.
    """
    scope: dict[str, Any] = {**(names or {}), IGNORED: [], PLAIN: {}}
    for node in _parse(text, filename).body:
        try:
            READERS.get(type(node), _ignore)(node, scope, text, filename)
        except Unreadable:
            _ignore(node, scope, text, filename)
    return scope


def _parse(text: str, filename: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", 0) or 0
        source = (getattr(error, "text", "") or "").strip()
        reason = getattr(error, "msg", None) or str(error)
        raise KernelSourceError(
            f"El código no es Python válido ({reason}).",
            line=line,
            source=source,
            filename=filename,
        ) from None


def _ignore(node: ast.stmt, scope: dict[str, Any], text: str, filename: str) -> None:
    scope[IGNORED].append((node.lineno, ast.get_source_segment(text, node) or ""))


def _import(node: ast.Import, scope: dict[str, Any], text: str, filename: str) -> None:
    for alias in node.names:
        if alias.name == "numba.cuda" and alias.asname is None:
            scope["numba"] = NumbaModule()
        elif alias.name == "numba":
            scope[alias.asname or "numba"] = NumbaModule()
        elif alias.name in MODULES:
            scope[alias.asname or alias.name] = MODULES[alias.name]
        else:
            raise Unreadable


def _import_from(node: ast.ImportFrom, scope: dict[str, Any], text: str, filename: str) -> None:
    module = NumbaModule() if node.module in ("numba", "numba.types") else MODULES.get(node.module)
    if module is None or node.level:
        raise Unreadable
    for alias in node.names:
        if alias.name.startswith("_") or not hasattr(module, alias.name):
            raise Unreadable
        scope[alias.asname or alias.name] = getattr(module, alias.name)


def _assign(node: ast.Assign, scope: dict[str, Any], text: str, filename: str) -> None:
    wrapped = _wrapped(node.value, scope)
    value = _kernel(*wrapped, scope, text, filename) if wrapped else constant(node.value, scope)
    for target in node.targets:
        _bind(target, value, scope)


def _annotated(node: ast.AnnAssign, scope: dict[str, Any], text: str, filename: str) -> None:
    if node.value is None:
        raise Unreadable
    _bind(node.target, constant(node.value, scope), scope)


def _bind(target: ast.expr, value: Any, scope: dict[str, Any]) -> None:
    if isinstance(target, ast.Name):
        scope[target.id] = value
    elif (
        isinstance(target, ast.Tuple)
        and isinstance(value, tuple)
        and len(target.elts) == len(value)
    ):
        for part, item in zip(target.elts, value, strict=True):
            _bind(part, item, scope)
    else:
        raise Unreadable


def _wrapped(node: ast.expr, scope: dict[str, Any]) -> tuple[ast.FunctionDef, dict] | None:
    """La función y las opciones de ``cuda.jit(f)`` o ``cuda.jit(…)(f)``; si no, ``None``."""
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[-1], ast.Name):
        return None
    plain = scope[PLAIN].get(node.args[-1].id)
    options = _jit_options(node.func if isinstance(node.func, ast.Call) else node, scope)
    return (plain, options) if plain and options is not None else None


def _function(node: ast.FunctionDef, scope: dict[str, Any], text: str, filename: str) -> None:
    options = [o for o in (_jit_options(d, scope) for d in node.decorator_list) if o is not None]
    if not node.decorator_list:
        scope[PLAIN][node.name] = node
    if len(options) != 1 or len(node.decorator_list) != 1:
        raise Unreadable
    scope[node.name] = _kernel(node, options[0], scope, text, filename)


def _kernel(
    node: ast.FunctionDef, options: dict[str, Any], scope: dict[str, Any], text: str, filename: str
) -> Kernel:
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    lines = tuple(text.splitlines()[first - 1 : node.end_lineno])
    names = Names(scope, {n: getattr(builtins, n) for n in SAFE_NAMES if hasattr(builtins, n)})
    names.scopes = names.scopes[:-1]
    definition = Source(node.name, node, names, filename, lines, first)
    return Kernel(definition=definition, **options)


def _jit_options(node: ast.expr, scope: dict[str, Any]) -> dict[str, Any] | None:
    """Las opciones de ``@cuda.jit…``, o ``None`` si el decorador es otro."""
    call = node if isinstance(node, ast.Call) else None
    target = call.func if call else node
    if not _is_jit(target, scope):
        return None
    given = {k.arg: k.value.value for k in (call.keywords if call else ())
             if isinstance(k.value, ast.Constant)}  # fmt: skip
    device = bool(given.pop("device", False))
    return {"device": device, "contracts": contracts(given), "options": given}


def _is_jit(node: ast.expr, scope: dict[str, Any]) -> bool:
    if isinstance(node, ast.Name):
        return scope.get(node.id) is facade.jit
    if not isinstance(node, ast.Attribute) or node.attr != "jit":
        return False
    try:
        base = constant(node.value, scope)
    except Unreadable:
        base = _numba_cuda(node.value, scope)
    return base is facade


def _numba_cuda(node: ast.expr, scope: dict[str, Any]) -> Any:
    """La fachada, si el nodo es ``numba.cuda``."""
    if isinstance(node, ast.Attribute) and node.attr == "cuda" and isinstance(node.value, ast.Name):
        return getattr(scope.get(node.value.id), "cuda", None)
    return None


READERS = {
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.FunctionDef: _function,
    ast.Expr: lambda node, scope, text, filename: (
        None if isinstance(node.value, ast.Constant) else _ignore(node, scope, text, filename)
    ),
}
