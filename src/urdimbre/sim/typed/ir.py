"""La forma tipada de un kernel: lo que queda entre leer el código y ejecutarlo.

Cada expresión lleva su tipo y cada instrucción su línea. Las variables ya son *casillas*: una por
nombre y tipo, de modo que ``x = 1`` y luego ``x = 2.5`` son dos casillas, como en Numba.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from urdimbre.sim.typed.ir_expressions import (  # noqa: F401
    Apply,
    Atomic,
    Call,
    Cast,
    Const,
    Declare,
    Divisor,
    Draw,
    Element,
    Expr,
    Field,
    Let,
    Load,
    LoadAt,
    Logic,
    MakeTuple,
    Method,
    Object,
    Print,
    Reinterpret,
    Reshape,
    Select,
    Shape,
    Slice,
    Special,
    Stride,
    Sync,
    Transpose,
    TupleItem,
    Var,
    View,
    Warp,
)  # fmt: skip


@dataclass(eq=False)
class Stmt:
    """``counts``: es la primera que sale de una instrucción del código; quien observa la cuenta."""

    line: int
    counts: bool = field(default=False, kw_only=True)


@dataclass(eq=False)
class Assign(Stmt):
    """``merge``: hay carriles inactivos que aún necesitan el valor anterior."""

    slot: int
    value: Expr
    merge: bool = True


@dataclass(eq=False)
class Store(Stmt):
    array: Expr
    index: tuple[Expr, ...]
    value: Expr


@dataclass(eq=False)
class StoreAt(Stmt):
    """``r.x = v``."""

    place: Expr
    value: Expr


@dataclass(eq=False)
class StoreView(Stmt):
    """``a[1:3] = v``: se escribe elemento a elemento."""

    target: View
    value: Expr


@dataclass(eq=False)
class Do(Stmt):
    value: Expr


@dataclass(eq=False)
class If(Stmt):
    """``frame`` y ``after``: si sus ramas pueden esperarse (véase ``together``), su función y lo
    que se lee después.
    """

    test: Expr
    then: list[Stmt]
    other: list[Stmt]
    escapes: bool = False
    frame = None  # no son campos: ``walk`` no vuelve a entrar en la función
    after = frozenset()


@dataclass(eq=False)
class While(Stmt):
    test: Expr
    body: list[Stmt]
    other: list[Stmt]
    escapes: bool = False


@dataclass(eq=False)
class For(Stmt):
    """``for slot in range(start, stop, step)``."""

    slot: int
    dtype: Any
    start: Expr
    stop: Expr
    step: Expr
    body: list[Stmt]
    other: list[Stmt]
    escapes: bool = False
    merge: bool = True


@dataclass(eq=False)
class Return(Stmt):
    value: Expr | None


@dataclass(eq=False)
class Break(Stmt):
    pass


@dataclass(eq=False)
class Continue(Stmt):
    pass


@dataclass(eq=False)
class Raise(Stmt):
    """``raise`` o ``assert`` que falla: detiene el lanzamiento."""

    message: str
    test: Expr | None = None
    kind: type[BaseException] = RuntimeError


@dataclass(eq=False)
class Function:
    """Una función (kernel o de dispositivo) tipada para unos argumentos.

    Attributes:
        slots: cuántas casillas usa.
        params: casillas de los parámetros.
        returns: tipo devuelto (``NONE`` si nada).
        variables: nombre y tipo de cada casilla.
    """

    name: str
    params: tuple[int, ...]
    slots: int
    body: list[Stmt]
    returns: Any
    lines: dict[int, str] = field(default_factory=dict)
    variables: dict[int, tuple[str, Any]] = field(default_factory=dict)


def walk(node: Any) -> Iterator[Any]:
    """Todos los nodos de una parte del kernel y de las funciones que llama."""
    pending = [node]
    while pending:
        part = pending.pop()
        if isinstance(part, list | tuple):
            pending.extend(reversed(part))
        elif isinstance(part, Expr | Stmt | Slice):
            yield part
            pending.extend(getattr(part, name) for name in _parts(type(part)))
        elif isinstance(part, Function):
            pending.append(part.body)


@cache
def _parts(kind: type) -> tuple[str, ...]:
    """Los campos de una clase de nodo, del último al primero."""
    return tuple(f.name for f in reversed(fields(kind)) if f.name != "type")


def callees(node: Any) -> Iterator[Function]:
    """Las funciones de dispositivo que se llaman en una parte del kernel, todas."""
    for n in walk(node):
        if isinstance(n, Call):
            yield n.function
        elif isinstance(n, Let):
            yield from n.functions
