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
import operator
from typing import Any

import numpy as np

from urdimbre.errors import KernelSourceError
from urdimbre.sim import facade
from urdimbre.sim import types as T
from urdimbre.sim.kernel import Kernel, contracts
from urdimbre.sim.source import Names, Source

IGNORED = "__ignored__"
NUMBA = {name: dt.type for name, dt in T.SCALARS.items()} | {"cuda": facade}
GROUPS = ("cg", "fp16", "libdevice", "random")
MODULES: dict[str, Any] = {"math": math, "cmath": cmath, "numpy": np, "numba.cuda": facade,
                           **{f"numba.cuda.{n}": getattr(facade, n) for n in GROUPS}}  # fmt: skip
VALUES = (bool, int, float, complex, str, tuple, np.generic, type)
SAFE_NAMES = ("range", "len", "min", "max", "abs", "int", "float", "bool", "round", "pow", "divmod",
              "print", "complex", "enumerate", "zip", "True", "False", "None")  # fmt: skip

OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
    ast.LShift: operator.lshift, ast.Pow: operator.pow, ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}  # fmt: skip
LIMITS = {ast.LShift: 64, ast.Pow: 64}
LIMIT = 1 << 64


class _Numba:
    """El módulo ``numba`` visto desde un texto: tipos y ``cuda``."""

    def __getattr__(self, name: str) -> Any:
        if name == "types":
            return self
        if name in NUMBA:
            return NUMBA[name]
        raise AttributeError(name)


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
    scope: dict[str, Any] = {**(names or {}), IGNORED: []}
    for node in _parse(text, filename).body:
        try:
            READERS.get(type(node), _ignore)(node, scope, text, filename)
        except _Unreadable:
            _ignore(node, scope, text, filename)
    return scope


class _Unreadable(Exception):
    """Una expresión que no es una constante sencilla."""


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
            scope["numba"] = _Numba()
        elif alias.name == "numba":
            scope[alias.asname or "numba"] = _Numba()
        elif alias.name in MODULES:
            scope[alias.asname or alias.name] = MODULES[alias.name]
        else:
            raise _Unreadable


def _import_from(node: ast.ImportFrom, scope: dict[str, Any], text: str, filename: str) -> None:
    module = _Numba() if node.module in ("numba", "numba.types") else MODULES.get(node.module)
    if module is None or node.level:
        raise _Unreadable
    for alias in node.names:
        if alias.name.startswith("_") or not hasattr(module, alias.name):
            raise _Unreadable
        scope[alias.asname or alias.name] = getattr(module, alias.name)


def _assign(node: ast.Assign, scope: dict[str, Any], text: str, filename: str) -> None:
    value = _constant(node.value, scope)
    for target in node.targets:
        _bind(target, value, scope)


def _annotated(node: ast.AnnAssign, scope: dict[str, Any], text: str, filename: str) -> None:
    if node.value is None:
        raise _Unreadable
    _bind(node.target, _constant(node.value, scope), scope)


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
        raise _Unreadable


def _constant(node: ast.expr, scope: dict[str, Any]) -> Any:
    """Valor de una expresión constante: literales, cuentas, tuplas, tipos y ``math.pi``."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple):
        return tuple(_constant(e, scope) for e in node.elts)
    if isinstance(node, ast.Name):
        return _name(node.id, scope)
    if isinstance(node, ast.Attribute):
        return _attribute(node, scope)
    if isinstance(node, ast.UnaryOp | ast.BinOp):
        return _operation(node, scope)
    if isinstance(node, ast.Call):
        return _conversion(node, scope)
    raise _Unreadable


def _name(name: str, scope: dict[str, Any]) -> Any:
    if name in scope and name != IGNORED:
        return scope[name]
    raise _Unreadable


def _attribute(node: ast.Attribute, scope: dict[str, Any]) -> Any:
    base = _constant(node.value, scope)
    if (base not in (math, np) and not isinstance(base, _Numba)) or node.attr.startswith("_"):
        raise _Unreadable
    value = getattr(base, node.attr, None)
    if not isinstance(value, VALUES):
        raise _Unreadable
    return value


def _operation(node: Any, scope: dict[str, Any]) -> Any:
    run = OPERATORS.get(type(node.op))
    parts = [node.operand] if isinstance(node, ast.UnaryOp) else [node.left, node.right]
    values = [_constant(p, scope) for p in parts]
    if run is None or not all(isinstance(v, int | float | np.generic) for v in values):
        raise _Unreadable
    if _large(values[-1], LIMITS.get(type(node.op), LIMIT)) or _large(values[0], LIMIT):
        raise _Unreadable
    try:
        return run(*values)
    except (ArithmeticError, TypeError, ValueError):
        raise _Unreadable from None


def _large(value: Any, limit: float) -> bool:
    """Si una cuenta con ese entero puede crecer sin medida; un flotante no crece."""
    return isinstance(value, int | np.integer) and abs(value) > limit


def _conversion(node: ast.Call, scope: dict[str, Any]) -> Any:
    """``np.float32(0.5)``: un tipo aplicado a una constante."""
    dtype = T.dtype_of(_constant(node.func, scope))
    if dtype is None or len(node.args) != 1 or node.keywords:
        raise _Unreadable
    value = _constant(node.args[0], scope)
    if not isinstance(value, int | float | np.generic):
        raise _Unreadable
    try:
        return dtype.type(value)
    except (OverflowError, ValueError):
        raise _Unreadable from None


def _function(node: ast.FunctionDef, scope: dict[str, Any], text: str, filename: str) -> None:
    options = [o for o in (_jit_options(d, scope) for d in node.decorator_list) if o is not None]
    if len(options) != 1 or len(node.decorator_list) != 1:
        raise _Unreadable
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    lines = tuple(text.splitlines()[first - 1 : node.end_lineno])
    names = Names(scope, {n: getattr(builtins, n) for n in SAFE_NAMES if hasattr(builtins, n)})
    names.scopes = names.scopes[:-1]
    definition = Source(node.name, node, names, filename, lines, first)
    scope[node.name] = Kernel(definition=definition, **options[0])


def _jit_options(node: ast.expr, scope: dict[str, Any]) -> dict[str, Any] | None:
    """Las opciones de ``@cuda.jit…``, o ``None`` si el decorador es otro."""
    call = node if isinstance(node, ast.Call) else None
    target = call.func if call else node
    if not _is_jit(target, scope):
        return None
    given = {k.arg: k.value.value for k in (call.keywords if call else ())
             if isinstance(k.value, ast.Constant)}  # fmt: skip
    return {"device": bool(given.get("device")), "contracts": contracts(given)}


def _is_jit(node: ast.expr, scope: dict[str, Any]) -> bool:
    if isinstance(node, ast.Name):
        return scope.get(node.id) is facade.jit
    if not isinstance(node, ast.Attribute) or node.attr != "jit":
        return False
    try:
        base = _constant(node.value, scope)
    except _Unreadable:
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
