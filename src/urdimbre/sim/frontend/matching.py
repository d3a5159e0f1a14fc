"""``match`` como lo compila Numba: una cadena de ``if`` sobre un valor.

Hay patrones de valor, de nombre, ``_``, ``|`` y ``as``, con o sin ``if``. Los de secuencia, de
diccionario y de clase no existen en un kernel.
"""

from __future__ import annotations

import ast
from typing import Any

from urdimbre.errors import UnsupportedError


class Matching:
    """La parte de ``Typer`` que tipa ``match``."""

    def do_match(self, node: ast.Match) -> None:
        subject = f".m{self.key(node)}"
        self.locals.add(subject)
        self.assign(subject, self.expr(node.subject), node.lineno)
        for stmt in self._cases(subject, node.cases):
            if self.env is not None:
                self.statement(stmt)

    def _cases(self, subject: str, cases: list[ast.match_case]) -> list[ast.stmt]:
        """Los casos que quedan, como instrucciones."""
        if not cases:
            return []
        first, rest = cases[0], self._cases(subject, cases[1:])
        tests, names = self._pattern(subject, first.pattern)
        binds = [_located(_bind(name, subject), first.pattern) for name in names]
        if first.guard is None:
            inner = [*binds, *first.body]
        else:
            inner = [*binds, _located(ast.If(first.guard, first.body, rest), first.pattern)]
        if not tests:
            return inner
        test = tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), tests)
        return [_located(ast.If(test, inner, rest), first.pattern)]

    def _pattern(self, subject: str, pattern: ast.pattern) -> tuple[list[ast.expr], list[str]]:
        """Con qué se compara (nada: siempre coincide) y qué nombres se asignan."""
        if isinstance(pattern, ast.MatchAs):
            inner = self._pattern(subject, pattern.pattern) if pattern.pattern else ([], [])
            return inner[0], [*inner[1], *([pattern.name] if pattern.name else [])]
        if isinstance(pattern, ast.MatchOr):
            parts = [self._pattern(subject, p) for p in pattern.patterns]
            always = any(not tests for tests, _ in parts)
            return ([] if always else [t for tests, _ in parts for t in tests]), []
        if isinstance(pattern, ast.MatchValue | ast.MatchSingleton):
            return [_located(_equals(subject, pattern), pattern)], []
        raise self.fail(
            "Este patrón de «match» no compila en Numba CUDA: solo valores, nombres, «_» y «|».",
            pattern, UnsupportedError,
        )  # fmt: skip


def _bind(name: str, subject: str) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], ast.Name(subject, ast.Load()))


def _equals(subject: str, pattern: Any) -> ast.expr:
    singleton = isinstance(pattern, ast.MatchSingleton)
    value = ast.Constant(pattern.value) if singleton else pattern.value
    is_none = singleton and pattern.value is None
    op = ast.Is() if is_none else ast.Eq()
    return ast.Compare(ast.Name(subject, ast.Load()), [op], [value])


def _located(made: Any, where: Any) -> Any:
    return ast.fix_missing_locations(ast.copy_location(made, where))
