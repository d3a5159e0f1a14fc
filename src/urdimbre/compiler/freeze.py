"""Un kernel como datos: su texto y los valores de los nombres que usa.

El compilador corre en otro proceso, porque aquí ``numba.cuda`` puede ser el simulador. Lo que
viaja son textos, constantes y nombres; las funciones se vuelven a definir allá.
"""

from __future__ import annotations

import ast
import builtins
import pickle
import sys
from types import FunctionType, ModuleType
from typing import Any

from urdimbre.sim.frontend.source import Source, from_function
from urdimbre.sim.host.kernel import Kernel, as_kernel

FACADE = "urdimbre.sim.facade"
CUDA = "numba.cuda"


def freeze(kernel: Any) -> dict[str, Any]:
    """El kernel y las funciones que llama.

    Args:
        kernel: del simulador o de Numba, o una función.

    Returns:
        ``{"functions": […], "names": …}``: la primera función es el kernel; cada una lleva su
        texto, su primera línea, su archivo, sus opciones de ``cuda.jit`` y sus nombres.
    """
    functions: list[dict[str, Any]] = []
    _function(as_kernel(kernel), functions, {})
    return {"functions": functions}


def _function(kernel: Kernel, functions: list, known: dict[int, int]) -> int:
    """El lugar de una función en la lista; la agrega la primera vez."""
    if id(kernel) in known:
        return known[id(kernel)]
    place = known[id(kernel)] = len(functions)
    functions.append({})
    functions[place] = {
        **_text(kernel.definition),
        "device": kernel.device,
        "decorated": True,
        "options": {k: v for k, v in kernel.options.items() if _picklable(v)},
        "names": _names(kernel.definition, functions, known),
    }
    return place


def _text(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "text": ast.unparse(source.node) if source.name == "lambda" else source.text,
        "first_line": int(source.first_line),
        "origin": source.origin or source.filename,
    }


def _names(source: Source, functions: list, known: dict[int, int]) -> dict[str, tuple]:
    """Los nombres de fuera que la función usa, sin los propios de Python."""
    nodes = list(ast.walk(source.node))
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    bound |= {n.arg for n in nodes if isinstance(n, ast.arg)}
    used = {n.id for n in nodes if isinstance(n, ast.Name)} - bound
    found = {}
    for name in sorted(used):
        if name not in source.lookup:
            continue
        value = source.lookup[name]
        if getattr(builtins, name, None) is not value:
            found[name] = _encode(value, functions, known)
    return found


def _encode(value: Any, functions: list, known: dict[int, int]) -> tuple:
    """Cómo se vuelve a obtener ``value`` en el otro proceso."""
    if isinstance(value, Kernel):
        return ("function", _function(value, functions, known))
    if getattr(value, "__name__", None) == FACADE:
        return ("module", CUDA)
    module = getattr(value, "_module", None)
    if isinstance(value, ModuleType) or isinstance(module, ModuleType):
        return ("module", (module or value).__name__)
    path = _cuda_path(value)
    if path:
        return ("cuda", path)
    if isinstance(value, FunctionType) and not _importable(value):
        return ("plain", _plain(value, functions, known))
    return ("value", pickle.dumps(value)) if _picklable(value) else ("missing", repr(value))


def _importable(function: FunctionType) -> bool:
    module = sys.modules.get(function.__module__)
    installed = "site-packages" in str(getattr(module, "__file__", ""))
    return installed and getattr(module, function.__name__, None) is function


def _plain(function: FunctionType, functions: list, known: dict[int, int]) -> int:
    """Una función sin decorar."""
    if id(function) not in known:
        known[id(function)] = len(functions)
        functions.append({})
        source = from_function(function)
        functions[known[id(function)]] = {
            **_text(source), "device": True, "decorated": False, "options": {},
            "names": _names(source, functions, known),
        }  # fmt: skip
    return known[id(function)]


def _cuda_path(value: Any) -> str:
    """``"threadIdx"`` o ``"cg.this_grid"``; vacío si no es de la fachada."""
    from urdimbre.sim import facade

    if isinstance(value, int | float | str | bool | tuple) or value is None:
        return ""
    for name, found in vars(facade).items():
        if found is value and not name.startswith("_"):
            return name
    for group in ("random", "cg", "fp16", "libdevice"):
        for name, found in _members(getattr(facade, group)):
            if found is value:
                return f"{group}.{name}"
    return ""


def _members(group: Any) -> list[tuple[str, Any]]:
    return [(name, getattr(group, name, None)) for name in dir(group) if not name.startswith("_")]


def _picklable(value: Any) -> bool:
    try:
        pickle.dumps(value)
    except Exception:  # cada tipo falla a su manera
        return False
    return True
