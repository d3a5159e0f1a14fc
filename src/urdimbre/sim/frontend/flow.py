"""Tipar el control de flujo: dónde se juntan los caminos y qué tipo tiene cada variable ahí."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from urdimbre.errors import KernelSourceError, UnsupportedError
from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T

Env = dict[str, Any]
MAX_NESTING = 10


@dataclass
class Loop:
    """Un ciclo que se está tipando: tipos en la cabecera y a la salida, y por dónde se sale."""

    header: Env
    exit: Env
    continues: list[Env] = field(default_factory=list)
    breaks: list[Env] = field(default_factory=list)


class Flow:
    """La parte de ``Typer`` que tipa ``if``, ciclos y saltos."""

    def do_if(self, node: ast.If) -> None:
        test = self.truth(self.expr(node.test))
        if self.decided(node.test, test):  # como Numba: la rama muerta ni se tipa
            self.out.extend(self.block(node.body if test.value else node.orelse))
            return
        before = self.env
        then, after_then = self.branch(node.body, before)
        other, after_other = self.branch(node.orelse, before)
        self.env = self.join([(then, after_then), (other, after_other)])
        self.emit(ir.If(node.lineno, test, then, other, _escapes(node)))

    def branch(self, nodes: list[ast.stmt], env: Env) -> tuple[list[ir.Stmt], Env | None]:
        self.env = dict(env)
        body = self.block(nodes)
        return body, self.env

    def join(self, ends: list[tuple[list[ir.Stmt], Env | None]]) -> Env | None:
        """Junta caminos: unifica tipos y añade al final de cada uno sus conversiones."""
        live = [(stmts, env) for stmts, env in ends if env is not None]
        if not live:
            return None
        merged = merge(env for _, env in live)
        for stmts, env in live:
            stmts.extend(self.conversions(env, merged))
        return merged

    def conversions(self, env: Env, target: Env) -> list[ir.Stmt]:
        out = []
        for name, t in env.items():
            to = target.get(name, t)
            if not T.same(to, t) and not isinstance(to, T.Conflict):
                value = self.cast(ir.Var(t, 0, self.slot(name, t), name), to)
                out.append(ir.Assign(0, self.slot(name, to), value))
        return out

    def do_while(self, node: ast.While) -> None:
        test = self.truth(self.expr(node.test))
        if self.decided(node.test, test) and not test.value:
            self.out.extend(self.block(node.orelse))
            return
        self._loop(node, lambda: self._while_once(node))

    def _while_once(self, node: ast.While) -> tuple[Any, Callable[..., ir.Stmt]]:
        test = self.truth(self.expr(node.test))
        body = self.block(node.body)
        return body, lambda other: ir.While(node.lineno, test, body, other, _returns(node))

    def _loop(self, node: Any, once: Callable[[], Any]) -> None:
        """Tipa un ciclo hasta el punto fijo y lo emite con sus conversiones."""
        if len(self.loops) == MAX_NESTING:
            raise self.fail(f"Hay más de {MAX_NESTING} ciclos anidados.", node, UnsupportedError)
        before = self.env
        loop = Loop(dict(before), dict(before))
        while True:
            header, exits = dict(loop.header), dict(loop.exit)
            loop.continues, loop.breaks = [], []
            self.env = dict(header)
            self.loops.append(loop)
            marks = len(self.returned)
            body, build = once()
            self.loops.pop()
            after = self.env
            loop.header = merge(_live([header, after, *loop.continues]))
            other, after_other = self.branch(node.orelse, loop.header)
            loop.exit = merge(_live([after_other, *loop.breaks]))
            if loop.header == header and loop.exit == exits:
                break
            del self.returned[marks:]
        for stmts, end, target in ((body, after, header), (other, after_other, exits)):
            if end is not None:
                stmts.extend(self.conversions(end, target))
        self.out.extend(self.conversions(before, header))
        self.emit(build(other))
        self.env = dict(exits) if _live([after_other, *loop.breaks]) else None

    def do_break(self, node: ast.Break) -> None:
        self._leave(node, "breaks", "exit", ir.Break)

    def do_continue(self, node: ast.Continue) -> None:
        self._leave(node, "continues", "header", ir.Continue)

    def _leave(self, node: Any, record: str, target: str, kind: type[ir.Stmt]) -> None:
        if not self.loops:
            raise self.fail("Está fuera de un ciclo.", node, KernelSourceError)
        loop = self.loops[-1]
        getattr(loop, record).append(self.env)
        # Antes del punto fijo, el destino puede no admitir todavía este tipo.
        known = merge([getattr(loop, target), self.env])
        self.out.extend(self.conversions(self.env, known))
        self.emit(kind(node.lineno))
        self.env = None


def _live(envs: list[Env | None]) -> list[Env]:
    """Los caminos por los que sí se llega."""
    return [env for env in envs if env is not None]


def merge(envs: Any) -> Env:
    """Tipos con que se llega a un punto por varios caminos."""
    out: Env = {}
    for env in envs:
        for name, t in env.items():
            out[name] = _meet(out[name], t) if name in out else t
    return out


def _meet(a: Any, b: Any) -> Any:
    if T.same(a, b):
        return a
    if isinstance(a, T.Conflict):
        return a
    if isinstance(b, T.Conflict):
        return b
    kind = T.unify(a, b)
    return T.Conflict(a, b) if kind is None else kind


def _escapes(node: ast.If) -> bool:
    """Si algún carril puede no llegar al final del ``if``."""
    return any(isinstance(n, ast.Return | ast.Break | ast.Continue) for n in ast.walk(node))


def _returns(node: Any) -> bool:
    """Si algún carril puede no llegar al final del ciclo."""
    return any(isinstance(n, ast.Return) for n in ast.walk(node))
