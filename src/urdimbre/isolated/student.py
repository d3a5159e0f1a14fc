"""El único proceso donde corre Python del estudiante: su función, y nada más.

Recibe el código y los argumentos; devuelve lo que la función dio, como JSON. Nunca ve lo
esperado ni decide nada.
"""

from __future__ import annotations

import importlib
import json
import math
import sys
import warnings

import numpy as np

import urdimbre
from urdimbre.isolated.answers import answer_of, failure
from urdimbre.isolated.fence import raise_fence
from urdimbre.isolated.limits import forbid_processes, limit_resources, private_stdout

CPU_SECONDS = 20


def main() -> None:
    """Lee la petición, llama a la función en cada caso y escribe las respuestas."""
    request = json.load(sys.stdin)
    channel = private_stdout()
    limit_resources(CPU_SECONDS)
    forbid_processes()
    warnings.simplefilter("ignore")
    json.dump(_answers(request), channel)
    channel.close()


def _answers(request: dict) -> dict:
    _prepare(request["source"])
    function = _load(request["source"], request["symbol"])
    if isinstance(function, str):
        return {"problem": function}
    return {"answers": [answer_of(function, tuple(args)) for args in request["args"]]}


def _prepare(source: str) -> None:
    """Deja a mano lo que una celda del curso importa, y cierra la cerca."""
    sys.dont_write_bytecode = True
    urdimbre.enable("sim", quiet=True)
    if "numba" in source:
        importlib.import_module("numba.cuda")
    raise_fence()


def _load(source: str, symbol: str):
    """La función definida en ``source``, o el motivo por el que no se puede usar."""
    namespace: dict = {"__name__": "entrega", "math": math, "np": np}
    try:
        exec(compile(source, "<entrega>", "exec"), namespace)
    except BaseException as error:
        return failure(error, "<entrega>")
    function = namespace.get(symbol)
    return function if callable(function) else f"«{symbol}» no es una función."
