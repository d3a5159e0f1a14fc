"""¿Cada acceso del código es una instrucción de memoria del ejecutable?

Los contadores del simulador cuentan los accesos que el código escribe. Son exactos solo si el
compilador deja esos mismos accesos: ni los junta, ni los repite al desenrollar un ciclo, ni los
borra. Aquí se cuentan unos y otros, sin ejecutar nada.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from urdimbre.compiler.memory_ops import MemoryOps
from urdimbre.sim.typed import ir

Key = tuple[str, str, int]  # espacio, sentido y bytes por carril
COUNTED = ("global", "shared")
LOOPS = (ir.For, ir.While)

UNKNOWN = (
    "el código accede de una manera que aquí no se cuenta (registros, vistas o números al azar)"
)
UNROLLED = "el compilador desenrolla un ciclo: en el ejecutable el mismo acceso está repetido"
JOINED = "el compilador junta accesos vecinos en uno más ancho"
REMOVED = "el compilador quita accesos: lo ya leído se queda en un registro"
REPEATED = "el compilador repite un acceso en dos caminos del código"


@dataclass(frozen=True)
class Match:
    """La comparación de un kernel.

    Attributes:
        source, machine: cuántos accesos hay de cada clase, en el código y en el ejecutable.
        reason: por qué no coinciden; vacío si son uno a uno.
    """

    source: dict[str, int]
    machine: dict[str, int]
    reason: str = ""

    @property
    def one_to_one(self) -> bool:
        """Si los contadores del simulador se pueden llamar exactos."""
        return not self.reason


@dataclass(frozen=True)
class Accesses:
    """Los accesos que un código escribe, por clase, y si tiene ciclos; sin cuenta si no se sabe."""

    counts: Counter | None
    loops: bool


def match(source: Accesses, memory: Iterable[MemoryOps]) -> Match:
    """Compara lo que el código escribe con las instrucciones de memoria de su ejecutable."""
    machine: Counter = Counter()
    for ops in memory:
        if ops.space in (*COUNTED, "generic"):
            machine[ops.space, ops.kind, ops.width] += ops.count
    if source.counts is None:
        return Match({}, _named(machine), UNKNOWN)
    reason = "" if source.counts == machine else _reason(source, machine)
    return Match(_named(source.counts), _named(machine), reason)


def _named(counts: Counter) -> dict[str, int]:
    """``{"global load 4": 2}``, en orden."""
    return {" ".join(map(str, key)): n for key, n in sorted(counts.items())}


def _reason(source: Accesses, machine: Counter) -> str:
    widest = max((key[2] for key in source.counts), default=0)
    if any(key[2] > widest for key in machine):
        return JOINED
    more = sum((machine - source.counts).values())
    if more and source.loops:
        return UNROLLED
    return REPEATED if more else REMOVED


class _Uncounted(Exception):
    """Un acceso que no se sabe a cuántas instrucciones corresponde."""


def source_accesses(function: ir.Function) -> Accesses:
    """Los accesos a memoria global y compartida que el código escribe.

    Una función de dispositivo cuenta una vez por llamada; el cuerpo de un ciclo, una vez.
    """
    loops = any(isinstance(node, LOOPS) for node in ir.walk(function))
    spaces = dict.fromkeys(function.params, "global")
    try:
        found = Counter(key for key in _accesses(function, spaces) if key[0] in COUNTED)
    except _Uncounted:
        return Accesses(None, loops)
    return Accesses(found, loops)


def _accesses(function: ir.Function, spaces: dict[int, str]) -> Iterator[Key]:
    nodes = list(_own_nodes(function.body))
    _learn(nodes, spaces)
    for node in nodes:
        if isinstance(node, ir.Call):
            given = (_space(arg, spaces) for arg in node.args)
            inner = {slot: space for slot, space in zip(node.function.params, given) if space}
            yield from _accesses(node.function, inner)
        elif isinstance(node, _UNCOUNTED):
            raise _Uncounted
        elif isinstance(node, ir.Load | ir.Store | ir.Atomic):
            yield from _keys(node, spaces)


_UNCOUNTED = (ir.LoadAt, ir.StoreAt, ir.StoreView, ir.Draw)


def _own_nodes(node: Any) -> Iterator[Any]:
    """Los nodos de la función misma: los de las que llama se miran en cada llamada."""
    if isinstance(node, list | tuple):
        for part in node:
            yield from _own_nodes(part)
    elif isinstance(node, ir.Expr | ir.Stmt | ir.Slice):
        yield node
        for f in fields(node):
            if f.name not in ("type", "function", "functions"):
                yield from _own_nodes(getattr(node, f.name))


def _learn(nodes: list, spaces: dict[int, str]) -> None:
    """En qué memoria está el arreglo de cada casilla."""
    for node in nodes:
        if isinstance(node, ir.Assign) and (space := _space(node.value, spaces)):
            spaces.setdefault(node.slot, space)


def _space(value: Any, spaces: dict[int, str]) -> str:
    if isinstance(value, ir.Declare):
        return value.space
    if isinstance(value, ir.Var):
        return spaces.get(value.slot, "")
    inner = getattr(value, "array", None) or getattr(value, "base", None)
    views = (ir.View, ir.Transpose, ir.Reshape, ir.Field, ir.Element)
    return _space(inner, spaces) if isinstance(value, views) else ""


def _keys(node: Any, spaces: dict[int, str]) -> Iterator[Key]:
    space = _space(node.array, spaces)
    dtype = getattr(node.array.type, "dtype", None)
    if not isinstance(dtype, np.dtype) or dtype.names:
        raise _Uncounted
    kind = {ir.Load: "load", ir.Store: "store", ir.Atomic: "atomic"}[type(node)]
    yield (space, kind, dtype.itemsize)
