"""Lo que el compilador rechaza o promueve, dicho para quien escribe el kernel."""

from __future__ import annotations

import pickle
import re
from typing import Any

import numpy as np

from urdimbre.compiler.spelling import dtype_of
from urdimbre.errors import KernelError, UrdimbreError
from urdimbre.sim.typed import types as T

ONLY_THE_COMPILER = "Numba CUDA no compila este kernel: {said}"
# Lo que dice Numba -> cómo se dice aquí.
SAID = (
    (r"ERROR_INVALID_IR", "el NVVM de CUDA 12.9 rechaza las sumas atómicas en punto flotante para "
     "las tarjetas Blackwell (10.0 y 12.0); el de CUDA 13 las acepta."),
    (r"Untyped global name '(.+?)'.*", "no sabe qué es «{0}»; ¿está definido y es una constante, "
     "un módulo o una función con @cuda.jit(device=True)?"),
    (r"No implementation of function .*?<built-in function (\w+)>.*", "la operación «{0}» no "
     "existe para esos tipos."),
    (r"Unknown attribute '(\w+)' of type (.+)", "«{1}» no tiene «{0}»."),
    (r"(?:Cannot unify|Can't unify) (.+?) and (.+?) for '(\w+?)(?:\.\d+)?'.*", "la variable «{2}» "
     "sería {0} por un camino y {1} por otro: dale un solo tipo."),
    (r"name '(\w+)' is not defined", "el nombre «{0}» no está definido."),
    (r"uses too much shared data \((0x\w+) bytes, (0x\w+) max\)", "pide {0} B de memoria "
     "compartida de tamaño fijo y el límite es {1} B. Usa una tesela más pequeña."),
    (r"Signature mismatch: (\d+) argument types given, but function takes (\d+) arguments", "lleva "
     "{1} argumentos y recibe {0}."),
)  # fmt: skip
GENERIC = "lee abajo lo que dijo, en inglés."


def explain(kernel: Any, types: Any, answer: dict[str, Any]) -> tuple[int, str, str]:
    """Línea, explicación en español y mensaje original de un kernel que no compila.

    Si el simulador también lo rechaza, la explicación es la suya: conoce la regla y el arreglo.
    """
    original = answer["message"]
    ours = _simulated(kernel, types)
    if ours is not None:
        return int(ours.line or answer["line"]), ours.message, original
    return answer["line"], ONLY_THE_COMPILER.format(said=said(original)), original


def _simulated(kernel: Any, types: Any) -> KernelError | None:
    try:
        kernel.compile(simulator_types(types))
    except KernelError as error:
        return error
    except (UrdimbreError, ValueError, TypeError, KeyError):
        return None
    return None


def simulator_types(types: Any) -> tuple[Any, ...]:
    from urdimbre.sim.frontend.signatures import parse

    return parse(types)[0] if isinstance(types, str) else tuple(map(_type, types))


def _type(code: tuple) -> Any:
    kind, *rest = code
    if kind == "array":
        return T.Array(dtype_of(rest[0]), rest[1], rest[3])
    if kind == "record":
        return T.Record(pickle.loads(rest[0]))
    if kind == "tuple":
        return T.Tuple(tuple(map(_type, rest)))
    return T.NONE if kind == "none" else np.dtype(rest[0])


def said(text: str) -> str:
    """Lo que dijo el compilador, en español si se sabe decir."""
    for pattern, spanish in SAID:
        found = re.search(pattern, text)
        if found:
            return spanish.format(*map(_decimal, found.groups()))
    return GENERIC


def _decimal(text: str) -> str:
    """Un número hexadecimal, en decimal; lo demás, como está."""
    return str(int(text, 16)) if text.startswith("0x") else text


def promotion(kinds: tuple[str, ...], written: tuple[str, ...]) -> str:
    """Por qué una operación pasa a ``float64`` y cómo evitarlo."""
    for kind, constant in zip(kinds, written):
        if constant and kind == "float64":
            return f"la constante {constant} es float64: escribe np.float32({constant})"
    if len(kinds) == 1 or "" in kinds:
        return "la función devuelve float64: mira qué recibe y con qué calcula"
    if all(kind.startswith(("int", "uint", "bool")) for kind in kinds):
        return "entre enteros, «/» y «**» dan float64: convierte antes con np.float32(…)"
    if any(kind.startswith(("int", "uint")) for kind in kinds):
        return "un entero junto a un flotante da float64: convierte el entero con np.float32(…)"
    return "uno de los dos es float64: conviértelo con np.float32(…), o dale ese tipo al crearlo"
