"""La forma tipada de un kernel: lo que queda entre leer el código y ejecutarlo.

Cada expresión lleva su tipo y cada instrucción su línea. Las variables ya son *casillas*: una por
nombre y tipo, de modo que ``x = 1`` y luego ``x = 2.5`` son dos casillas, como en Numba.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

# ---- Expresiones -----------------------------------------------------------------------------


@dataclass(eq=False)
class Expr:
    type: Any
    line: int


@dataclass(eq=False)
class Const(Expr):
    """Valor conocido al compilar; ``literal`` si estaba escrito tal cual."""

    value: Any
    literal: bool = False


@dataclass(eq=False)
class Object(Expr):
    """Módulo, función o tipo: solo existe al compilar."""

    value: Any


@dataclass(eq=False)
class Var(Expr):
    slot: int
    name: str


@dataclass(eq=False)
class Cast(Expr):
    arg: Expr


@dataclass(eq=False)
class Apply(Expr):
    """Función de NumPy sobre los operandos, ya convertidos al tipo de cálculo."""

    run: Callable[..., Any]
    args: tuple[Expr, ...]
    name: str


@dataclass(eq=False)
class Logic(Expr):
    """``and`` / ``or``: el segundo operando solo se evalúa donde hace falta."""

    kind: str
    left: Expr
    right: Expr


@dataclass(eq=False)
class Select(Expr):
    """``a if test else b``."""

    test: Expr
    then: Expr
    other: Expr


@dataclass(eq=False)
class MakeTuple(Expr):
    items: tuple[Expr, ...]


@dataclass(eq=False)
class TupleItem(Expr):
    """Elemento de una tupla; ``index`` constante o, si es homogénea, variable."""

    source: Expr
    index: Expr


@dataclass(eq=False)
class Special(Expr):
    """Identidad del hilo: ``threadIdx.x``, ``blockDim.y``, ``laneid``…"""

    name: str


@dataclass(eq=False)
class Shape(Expr):
    """Longitud de una dimensión de un arreglo."""

    array: Expr
    axis: int


@dataclass(eq=False)
class Stride(Expr):
    """Bytes entre dos elementos seguidos de una dimensión."""

    array: Expr
    axis: int


@dataclass(eq=False)
class Transpose(Expr):
    """``a.T``: la misma memoria con los ejes al revés."""

    array: Expr


@dataclass(eq=False)
class Reshape(Expr):
    array: Expr
    shape: tuple[Expr, ...]


@dataclass(eq=False)
class Method(Expr):
    """``base.name``, que se va a llamar: solo existe al compilar."""

    base: Expr
    name: str


@dataclass(eq=False)
class Declare(Expr):
    """``cuda.shared.array`` o ``cuda.local.array``."""

    space: str
    shape: tuple[int, ...]
    name: str = ""


@dataclass(eq=False)
class Load(Expr):
    array: Expr
    index: tuple[Expr, ...]


@dataclass(eq=False)
class Element(Expr):
    """Un registro de un arreglo: su lugar, no una copia."""

    array: Expr
    index: tuple[Expr, ...]


@dataclass(eq=False)
class Field(Expr):
    """Un campo: de un registro o, elemento a elemento, de un arreglo de registros."""

    base: Expr
    name: str


@dataclass(eq=False)
class LoadAt(Expr):
    """Valor del campo escalar que dice ``place``."""

    place: Expr


@dataclass(eq=False)
class View(Expr):
    """Parte de un arreglo: ``a[i]`` de uno 2-D, ``a[1:n]``. Cada índice es Expr o Slice."""

    array: Expr
    index: tuple[Any, ...]


@dataclass(eq=False)
class Slice:
    start: Expr | None
    stop: Expr | None
    step: Expr | None


@dataclass(eq=False)
class Atomic(Expr):
    op: str
    array: Expr
    index: tuple[Expr, ...]
    values: tuple[Expr, ...]
    used: bool = True


@dataclass(eq=False)
class Call(Expr):
    """Llamada a una función de dispositivo ya tipada para estos argumentos."""

    function: Function
    args: tuple[Expr, ...]


@dataclass(eq=False)
class Let(Expr):
    """El cuerpo de una función sencilla, en el lugar de su llamada.

    ``last`` es la línea de su ``return``, que quien observa cuenta como una instrucción.
    """

    steps: list[Assign]
    body: Expr
    functions: tuple[Function, ...]
    last: int = 0


@dataclass(eq=False)
class Sync(Expr):
    """``syncthreads``."""

    kind: str


@dataclass(eq=False)
class Warp(Expr):
    """Operación de warp o de bloque entero: ``shfl_sync``, ``ballot_sync``…"""

    name: str
    args: tuple[Expr, ...]


@dataclass(eq=False)
class Draw(Expr):
    """Un número al azar del estado ``array[index]``, que avanza."""

    run: Callable[..., Any]
    array: Expr
    index: Expr


@dataclass(eq=False)
class Print(Expr):
    args: tuple[Expr, ...]


# ---- Instrucciones ---------------------------------------------------------------------------


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
    test: Expr
    then: list[Stmt]
    other: list[Stmt]
    escapes: bool = False


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
    if isinstance(node, list | tuple):
        for part in node:
            yield from walk(part)
    elif isinstance(node, Expr | Stmt | Slice):
        yield node
        for f in fields(node):
            if f.name != "type":
                yield from walk(getattr(node, f.name))
    elif isinstance(node, Function):
        yield from walk(node.body)


def callees(node: Any) -> Iterator[Function]:
    """Las funciones de dispositivo que se llaman en una parte del kernel, todas."""
    for n in walk(node):
        if isinstance(n, Call):
            yield n.function
        elif isinstance(n, Let):
            yield from n.functions
