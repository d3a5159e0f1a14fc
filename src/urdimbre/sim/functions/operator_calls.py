"""El módulo ``operator`` dentro de un kernel: cada función es el operador que nombra."""

from __future__ import annotations

import ast
import operator
from typing import Any

from urdimbre.sim.typed import ir

BINARY = {
    "add": ast.Add, "sub": ast.Sub, "mul": ast.Mult, "truediv": ast.Div, "pow": ast.Pow,
    "floordiv": ast.FloorDiv, "mod": ast.Mod, "and_": ast.BitAnd, "or_": ast.BitOr,
    "xor": ast.BitXor, "lshift": ast.LShift, "rshift": ast.RShift,
}  # fmt: skip
COMPARE = {"lt": ast.Lt, "le": ast.LtE, "eq": ast.Eq, "ne": ast.NotEq, "ge": ast.GtE, "gt": ast.Gt}
UNARY = {"neg": ast.USub, "pos": ast.UAdd, "invert": ast.Invert, "not_": ast.Not}


def _binary(op: type[ast.operator]) -> Any:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, 2)
        return typer.binary(op(), *args, node)

    return handler


def _compare(op: type[ast.cmpop]) -> Any:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, 2)
        return typer.compare_one(op(), *args, node)

    return handler


def _unary(op: type[ast.unaryop]) -> Any:
    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, 1)
        return typer.unary(op(), args[0], node)

    return handler


def _inplace(name: str) -> str:
    return "i" + name.removesuffix("_")


OPERATOR_CALLS: dict[Any, Any] = {
    **{getattr(operator, n): _binary(op) for n, op in BINARY.items()},
    **{getattr(operator, _inplace(n)): _binary(op) for n, op in BINARY.items()},
    **{getattr(operator, n): _compare(op) for n, op in COMPARE.items()},
    **{getattr(operator, n): _unary(op) for n, op in UNARY.items()},
}
