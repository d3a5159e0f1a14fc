"""En el proceso del compilador: volver a tener las funciones y los tipos a partir de los datos."""

from __future__ import annotations

import ast
import importlib
import linecache
import operator
import pickle
from types import FunctionType
from typing import Any

import numpy as np

from urdimbre.compiler.spelling import dtype_of

CUDA = "numba.cuda"
# Lo que cuda.jit acepta de una función de dispositivo.
DEVICE_OPTIONS = ("inline", "forceinline", "fastmath", "debug", "opt", "lineinfo")


def kernel_function(frozen: dict[str, Any]) -> tuple[FunctionType, dict[str, Any]]:
    """La función del kernel, con todo lo que llama ya definido, y sus opciones."""
    made: dict[int, Any] = {}
    function = _define(0, frozen["functions"], made, kernel=True)
    return function, frozen["functions"][0]["options"]


def _define(place: int, functions: list, made: dict[int, Any], kernel: bool = False) -> Any:
    if place in made:
        return made[place]
    spec = functions[place]
    names = {"__name__": "kernels", "__builtins__": __builtins__}
    exec(_code(spec), names)
    function = names[spec["name"]]
    made[place] = function if kernel or not spec["decorated"] else _device(function, spec)
    names[spec["name"]] = made[place]
    for name, encoded in spec["names"].items():
        value = _decode(encoded, functions, made)
        if value is not _MISSING:
            names[name] = value
    return made[place]


_MISSING = object()


def _code(spec: dict[str, Any]) -> Any:
    """El texto compilado, sin decoradores y con las líneas de su archivo."""
    tree = ast.parse(spec["text"])
    node = next(
        n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == spec["name"]
    )
    node.decorator_list = []
    ast.increment_lineno(node, spec["first_line"] - 1)
    _remember(spec)
    return compile(ast.Module([node], []), spec["origin"], "exec")


def _remember(spec: dict[str, Any]) -> None:
    """Numba cita el código: aquí está, aunque sea de una celda."""
    lines = [""] * (spec["first_line"] - 1) + spec["text"].splitlines()
    entry = linecache.cache.get(spec["origin"])
    if entry and len(entry) == 4:
        known = [line.rstrip("\n") for line in entry[2]]
        size = max(len(known), len(lines))
        known += [""] * (size - len(known))
        lines = [a or b for a, b in zip(lines + [""] * (size - len(lines)), known)]
    text = [line + "\n" for line in lines]
    linecache.cache[spec["origin"]] = (sum(map(len, text)), None, text, spec["origin"])


def _device(function: FunctionType, spec: dict[str, Any]) -> Any:
    from numba import cuda

    options = {k: v for k, v in spec["options"].items() if k in DEVICE_OPTIONS}
    return cuda.jit(device=True, **options)(function)


def _decode(encoded: tuple, functions: list, made: dict[int, Any]) -> Any:
    kind, value = encoded
    if kind in ("function", "plain"):
        return _define(value, functions, made)
    if kind == "module":
        return importlib.import_module(value)
    if kind == "cuda":
        return _from_cuda(value)
    return pickle.loads(value) if kind == "value" else _MISSING


def _from_cuda(path: str) -> Any:
    head, _, rest = path.partition(".")
    if rest and head == "random":
        return getattr(importlib.import_module("numba.cuda.random"), rest)
    return operator.attrgetter(path)(importlib.import_module(CUDA))


def numba_types(given: Any) -> tuple:
    """Los tipos de Numba de los argumentos: de una firma escrita o de sus códigos."""
    if isinstance(given, str):
        from numba.core import sigutils

        args, _ = sigutils.normalize_signature(given)
        return tuple(args)
    return tuple(map(_numba_type, given))


def _numba_type(code: tuple) -> Any:
    from numba import from_dtype, types

    kind, *rest = code
    if kind == "array":
        dtype, ndim, layout, readonly = rest
        return types.Array(from_dtype(dtype_of(dtype)), ndim, layout, readonly=readonly)
    if kind == "tuple":
        return types.BaseTuple.from_types(tuple(map(_numba_type, rest)))
    if kind == "none":
        return types.none
    if kind == "numba":
        return pickle.loads(rest[0])
    return from_dtype(pickle.loads(rest[0]) if kind == "record" else np.dtype(rest[0]))
