"""Tipos vectoriales: ``cuda.float32x4(x, y, z, w)`` y sus otros nombres, como ``cuda.float4``.

Un vector vive en registros: se construye y se leen sus partes. Como en Numba, no se suma, no se
indexa, no se cambia una parte y no va en un arreglo.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from urdimbre.sim.functions.intrinsics import Intrinsic
from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T

PARTS = ("x", "y", "z", "w")
ELEMENTS = tuple(f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)) + (
    "float32",
    "float64",
)
C_NAMES = {
    "char": "int8", "uchar": "uint8", "short": "int16", "ushort": "uint16", "int": "int32",
    "uint": "uint32", "long": "int64", "ulong": "uint64", "longlong": "int64",
    "ulonglong": "uint64", "float": "float32", "double": "float64",
}  # fmt: skip
TYPES = {f"{e}x{n}": T.Vector(T.SCALARS[e], n) for e in ELEMENTS for n in (1, 2, 3, 4)}
INTRINSICS = {name: Intrinsic(f"cuda.{name}") for name in TYPES}
NAMES = INTRINSICS | {
    f"{short}{n}": INTRINSICS[f"{element}x{n}"]
    for short, element in C_NAMES.items()
    for n in (1, 2, 3, 4)
}


def vector(kind: T.Vector) -> Callable[..., ir.Expr]:
    """Cómo se tipa el constructor: números y vectores del mismo tipo, hasta completar."""

    def handler(typer: Any, node: ast.Call, args: list[ir.Expr]) -> ir.Expr:
        parts = [p for a in args for p in _parts(typer, node, kind, a)]
        if len(parts) != kind.size:
            raise typer.fail(f"{kind} lleva {kind.size} números y recibe {len(parts)}.", node)
        items = tuple(typer.cast(p, kind.dtype) for p in parts)
        return ir.MakeTuple(kind, node.lineno, items)

    return handler


def _parts(typer: Any, node: Any, kind: T.Vector, value: ir.Expr) -> list[ir.Expr]:
    if not isinstance(value.type, T.Vector):
        typer.need_real(value, node)
        return [value]
    if value.type.dtype != kind.dtype:
        raise typer.fail(f"{kind} no se construye con un {value.type}.", node)
    return [part(typer, value, name, node) for name in PARTS[: value.type.size]]


def part(typer: Any, value: ir.Expr, name: str, node: Any) -> ir.Expr:
    """``v.x``, ``v.y``, ``v.z`` o ``v.w``."""
    if name not in PARTS[: value.type.size]:
        raise typer.fail(f"{value.type} no tiene «{name}».", node)
    k = PARTS.index(name)
    if isinstance(value, ir.MakeTuple):
        return value.items[k]
    return ir.TupleItem(value.type.dtype, node.lineno, value, typer.wrap(k, node))


VECTOR_CALLS = {INTRINSICS[name]: vector(kind) for name, kind in TYPES.items()}
