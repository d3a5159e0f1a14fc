"""Del árbol de Python a la forma tipada: instrucciones y control de flujo.

Las variables llevan versiones, como en Numba: ``x = 1`` y luego ``x = 2.5`` es legal. Aquí una
versión es una *casilla* ``(nombre, tipo)``; donde dos caminos se juntan con tipos distintos, cada
camino termina con una conversión a la casilla del tipo unificado. En un ciclo se repite el
tipado del cuerpo hasta que los tipos de la cabecera dejan de cambiar.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from functools import reduce
from typing import Any

from urdimbre.errors import KernelError, KernelTypeError, UnsupportedError
from urdimbre.sim.frontend.assignments import Assignments
from urdimbre.sim.frontend.expressions import Expressions
from urdimbre.sim.frontend.flow import Env, Flow, Loop
from urdimbre.sim.frontend.inner import Inner, InnerFunction
from urdimbre.sim.frontend.iteration import Iteration
from urdimbre.sim.frontend.matching import Matching
from urdimbre.sim.frontend.source import Source
from urdimbre.sim.functions.exceptions import asserted, raised
from urdimbre.sim.passes.contraction import contract
from urdimbre.sim.passes.liveness import mark_merges
from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T

REFUSED = {
    ast.Try: "«try» no existe dentro de un kernel: comprueba la condición antes con «if»",
    ast.With: "«with» no existe dentro de un kernel",
    ast.ListComp: "las listas por comprensión no existen dentro de un kernel: usa un ciclo «for»",
    ast.List: "las listas no existen dentro de un kernel: usa cuda.local.array o una tupla",
    ast.Dict: "los diccionarios no existen dentro de un kernel",
    ast.Set: "los conjuntos no existen dentro de un kernel",
    ast.Lambda: "«lambda» no está en este simulador: define una función con @cuda.jit(device=True)",
    ast.Yield: "los generadores no existen dentro de un kernel",
    ast.Delete: "«del» no existe dentro de un kernel",
    ast.NamedExpr: "«:=» solo compila a veces en Numba CUDA: asigna en una línea aparte",
    ast.JoinedStr: "las cadenas con formato no existen dentro de un kernel: separa con comas",
    ast.Import: "importa fuera del kernel",
    ast.ImportFrom: "importa fuera del kernel",
    ast.Global: "«global» no existe dentro de un kernel",
    ast.Nonlocal: "«nonlocal» no existe dentro de un kernel",
    ast.ClassDef: "no se pueden definir clases dentro de un kernel",
    ast.Starred: "«*» no está admitido aquí",
}


class Typer(Expressions, Assignments, Flow, Iteration, Inner, Matching):
    """Tipa una función para unos tipos de argumentos."""

    def __init__(
        self, source: Source, arg_types: tuple[Any, ...], *, device: bool = False,
        fma: bool = True, debug: bool = False,
    ):  # fmt: skip
        self.source, self.device, self.fma, self.debug = source, device, fma, debug
        self.env: Env | None = {}
        self.slots: dict[tuple[str, Any], int] = {}
        self.out: list[ir.Stmt] = []
        self.loops: list[Loop] = []
        self.returned: list[ir.Return] = []
        self.keys: dict[Any, int] = {}
        self.inner: dict[str, InnerFunction] = {}
        self.depth = 0
        self.literals: dict[str, ir.Const] = {}
        self.aliases: dict[str, ir.Object] = {}
        self.stores = _stores(source.node)
        self.locals = set(self.stores)
        self.params = self._bind(arg_types)

    def function(self) -> ir.Function:
        """La función tipada.

        Raises:
            KernelTypeError, UnsupportedError: con la línea y qué cambiar.
        """
        body = self.block(self.source.node.body)
        returns = self._unify_returns()
        fn = ir.Function(
            self.source.name, self.params, len(self.slots), body, returns,
            dict(enumerate(self.source.lines, self.source.first_line)),
            {slot: key for key, slot in self.slots.items()},
        )  # fmt: skip
        return mark_merges(contract(fn) if self.fma else fn)

    def _bind(self, arg_types: tuple[Any, ...]) -> tuple[int, ...]:
        names = [a.arg for a in self.source.node.args.args]
        for name, t in zip(names, arg_types, strict=True):
            self.env[name] = t
            if isinstance(t, T.Known):
                self.aliases[name] = self.wrap(t.value, self.source.node)
        return tuple(self.slot(n, t) for n, t in zip(names, arg_types, strict=True))

    def _unify_returns(self) -> Any:
        values = [r.value for r in self.returned if r.value is not None]
        if not values:
            return T.NONE
        kind = reduce(
            lambda a, b: T.unify(a, b) if a is not None else None, (v.type for v in values)
        )
        if kind is None:
            raise KernelTypeError(
                "La función devuelve tipos que no se unifican.", line=values[0].line
            )
        for r in self.returned:
            r.value = self.cast(r.value, kind) if r.value is not None else None
        return kind

    # ---- utilidades del tipado ----

    def fail(
        self, message: str, node: Any, cls: type[KernelError] = KernelTypeError
    ) -> KernelError:
        line = getattr(node, "lineno", None) or getattr(node, "line", 0)
        return cls(
            message, line=line, source=self.source.line_text(line), filename=self.source.filename
        )

    def slot(self, name: str, t: Any) -> int:
        return self.slots.setdefault((name, t), len(self.slots))

    def new_slot(self, t: Any) -> int:
        """Una casilla que nadie más usa."""
        return self.slot(f".n{len(self.slots)}", t)

    def key(self, node: Any) -> int:
        """Número estable de una declaración, aunque su ciclo se tipe varias veces."""
        return self.keys.setdefault(node, len(self.keys))

    def emit(self, stmt: ir.Stmt) -> None:
        self.out.append(stmt)

    def assign(self, name: str, value: ir.Expr, line: int) -> None:
        self.emit(ir.Assign(line, self.slot(name, value.type), value))
        self.env[name] = value.type

    def temp(self, value: ir.Expr) -> ir.Expr:
        """Guarda un valor para usarlo dos veces."""
        if isinstance(value, ir.Const | ir.Var | ir.Object):
            return value
        name = f".t{self.key((value.line, len(self.out), 'temp'))}"
        self.emit(ir.Assign(value.line, self.slot(name, value.type), value))
        return ir.Var(value.type, value.line, self.slot(name, value.type), name)

    # ---- instrucciones ----

    def block(self, nodes: list[ast.stmt]) -> list[ir.Stmt]:
        saved, self.out = self.out, []
        for node in nodes:
            if self.env is None:
                break
            self.statement(node)
        out, self.out = self.out, saved
        return out

    def statement(self, node: ast.stmt) -> None:
        handler = STATEMENTS.get(type(node))
        if handler is None:
            raise self.refuse(node)
        first = len(self.out)
        handler(self, node)
        if len(self.out) > first and not isinstance(node, DECISIONS):
            self.out[first].counts = True

    def refuse(self, node: ast.AST) -> KernelError:
        why = REFUSED.get(type(node), f"«{type(node).__name__}» no está admitido en un kernel")
        return self.fail(f"Sintaxis no admitida: {why}.", node, UnsupportedError)

    def do_expression(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant):
            return
        value = self.expr(node.value)
        if isinstance(value, ir.Atomic):
            value.used = False
        self.emit(ir.Do(node.lineno, value))

    def do_return(self, node: ast.Return) -> None:
        given = node.value is not None and not _is_none(node.value)
        if given and not self.device:
            raise self.fail(
                "Un kernel no devuelve valores: escribe el resultado en un arreglo.", node
            )
        value = self.expr(node.value) if given else None
        stmt = ir.Return(node.lineno, value)
        self.returned.append(stmt)
        self.emit(stmt)
        self.env = None

    def do_raise(self, node: ast.Raise) -> None:
        self.emit(raised(self, node))

    def do_assert(self, node: ast.Assert) -> None:
        self.emit(asserted(self, node))


def _stores(node: ast.FunctionDef) -> Counter[str]:
    """Cuántas veces se asigna cada nombre local; un parámetro cuenta como una."""
    names = [a.arg for a in node.args.args]
    for n in ast.walk(node):
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store):
            names.append(n.id)
        elif isinstance(n, ast.MatchAs) and n.name:
            names.append(n.name)
    return Counter(names)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


# Sus decisiones ya se anuncian una por una.
DECISIONS = ast.If | ast.While | ast.For | ast.Match

STATEMENTS: dict[type, Callable[[Typer, Any], None]] = {
    ast.Assign: Typer.do_assign,
    ast.AnnAssign: Typer.do_annotated,
    ast.AugAssign: Typer.do_augmented,
    ast.Expr: Typer.do_expression,
    ast.Return: Typer.do_return,
    ast.Raise: Typer.do_raise,
    ast.Assert: Typer.do_assert,
    ast.FunctionDef: Typer.do_def,
    ast.If: Typer.do_if,
    ast.While: Typer.do_while,
    ast.Match: Typer.do_match,
    ast.For: Typer.do_for,
    ast.Break: Typer.do_break,
    ast.Continue: Typer.do_continue,
    ast.Pass: lambda self, node: None,
}
