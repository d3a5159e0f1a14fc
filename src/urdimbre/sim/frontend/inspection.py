"""Los tipos que se infieren, línea por línea: lo que muestra ``kernel.inspect_types()``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T


def describe(fn: ir.Function, params: list[str], types: tuple[Any, ...]) -> str:
    """El código de una función tipada, con los tipos debajo de la línea que los decide.

    Args:
        fn: la función tipada.
        params, types: nombre y tipo de cada parámetro.
    """
    head = ", ".join(f"{n}: {T.name_of(t)}" for n, t in zip(params, types, strict=True))
    notes: dict[int, list[str]] = {}
    for line, note in _notes(fn):
        known = notes.setdefault(line, [])
        if note not in known:
            known.append(note)
    body = [row for line, text in fn.lines.items() for row in _rows(line, text, notes)]
    return "\n".join([f"{fn.name}({head})", *body]) + "\n"


def _rows(line: int, text: str, notes: dict[int, list[str]]) -> Iterator[str]:
    yield f"{line:5d}  {text}".rstrip()
    indent = re.match(r"\s*", text).group()
    for note in notes.get(line, ()):
        yield f"       {indent}#   {note}"


def _notes(fn: ir.Function) -> Iterator[tuple[int, str]]:
    """Pares (línea, qué tipo toma qué), en orden de ejecución."""
    for node in _own(fn.body):
        if isinstance(node, ir.Assign | ir.For):
            name, kind = fn.variables[node.slot]
            if not name.startswith("."):
                yield node.line, f"{name}: {T.name_of(kind)}"
        elif isinstance(node, ir.Store | ir.StoreAt | ir.StoreView):
            yield from _conversion(node)
        elif isinstance(node, ir.Return) and node.value is not None:
            yield node.line, f"devuelve {T.name_of(node.value.type)}"


def _conversion(node: Any) -> Iterator[tuple[int, str]]:
    """Qué se guarda: el tipo calculado y, si es otro, el del arreglo."""
    value = node.value
    if isinstance(value, ir.Cast):
        yield (
            node.line,
            (f"se calcula en {T.name_of(value.arg.type)} y se guarda como {T.name_of(value.type)}"),
        )
    else:
        yield node.line, f"se guarda {T.name_of(value.type)}"


def _own(stmts: list[ir.Stmt]) -> Iterator[ir.Stmt]:
    """Las instrucciones de una función, también las de sus ramas y ciclos."""
    for stmt in stmts:
        yield stmt
        for name in ("then", "body", "other"):
            yield from _own(getattr(stmt, name, []))
