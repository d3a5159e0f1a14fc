"""Funciones definidas dentro de un kernel: ``def`` y ``lambda``.

Se tipan en cada llamada, con las variables del kernel que usan como parámetros de más.
"""

from __future__ import annotations

import ast
import dataclasses

from urdimbre.errors import UnsupportedError
from urdimbre.sim.passes.inlining import inlined
from urdimbre.sim.typed import ir


@dataclasses.dataclass(frozen=True, eq=False)
class InnerFunction:
    """Una función interior y las variables del kernel que mira, en orden."""

    node: ast.FunctionDef
    free: tuple[str, ...]


class Inner:
    """La parte de ``Typer`` que tipa funciones interiores."""

    def do_def(self, node: ast.FunctionDef) -> None:
        if node.decorator_list or node.args.defaults or node.args.vararg or node.args.kwonlyargs:
            raise self.fail("Una función interior lleva solo parámetros simples.", node)
        params = {a.arg for a in node.args.args}
        own = params | {n.id for n in _names(node) if isinstance(n.ctx, ast.Store)}
        used = {n.id for n in _names(node) if isinstance(n.ctx, ast.Load)}
        seen = {f for n in used & set(self.inner) for f in self.inner[n].free}
        free = ((used - own) & self.locals) | seen
        self.inner[node.name] = InnerFunction(node, tuple(sorted(free)))
        self.locals.discard(node.name)

    def do_lambda_assign(self, name: str, node: ast.Lambda) -> None:
        """``f = lambda x: …`` es un ``def`` de una línea."""
        body = ast.copy_location(ast.Return(node.body), node)
        made = ast.FunctionDef(name=name, args=node.args, body=[body], decorator_list=[])
        self.do_def(ast.copy_location(made, node))

    def call_inner(self, fn: InnerFunction, args: list[ir.Expr], node: ast.Call) -> ir.Expr:
        """Tipa la llamada; ``self.depth`` corta la recursión."""
        self.arity(node, args, len(fn.node.args.args))
        if fn.free and fn not in self.inner.values():
            raise self.fail(f"Una función que usa «{fn.free[0]}» no se puede pasar a otra.", node)
        if self.depth > 8:
            raise self.fail("La recursión no está en este simulador.", node, UnsupportedError)
        extra = [self.expr(ast.copy_location(ast.Name(n, ast.Load()), node)) for n in fn.free]
        given = [*args, *extra]
        typer = type(self)(
            dataclasses.replace(self.source, node=_with_params(fn), name=fn.node.name),
            tuple(a.type for a in given),
            device=True,
            fma=self.fma,
            debug=self.debug,
        )
        typer.inner, typer.depth = dict(self.inner), self.depth + 1
        typer.locals -= set(self.inner)
        made = typer.function()
        return inlined(ir.Call(made.returns, node.lineno, made, tuple(given)), self.new_slot)


def _with_params(fn: InnerFunction) -> ast.FunctionDef:
    """La función con un parámetro más por cada variable que mira."""
    extra = [ast.copy_location(ast.arg(arg=n), fn.node) for n in fn.free]
    args = ast.arguments(
        posonlyargs=[], args=[*fn.node.args.args, *extra], kwonlyargs=[], kw_defaults=[],
        defaults=[],
    )  # fmt: skip
    made = ast.FunctionDef(name=fn.node.name, args=args, body=fn.node.body, decorator_list=[])
    return ast.copy_location(made, fn.node)


def _names(node: ast.AST) -> list[ast.Name]:
    return [n for n in ast.walk(node) if isinstance(n, ast.Name)]
