"""Las expresiones de la forma tipada: cada una lleva su tipo y su línea."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from urdimbre.sim.typed.ir import Assign, Function


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
class Divisor(Expr):
    """Un divisor que no puede ser cero: con ``debug=True``, dividir entre cero es un error."""

    arg: Expr


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
class Reinterpret(Expr):
    """``a.view(tipo)``: los mismos bytes con otro tipo."""

    array: Expr


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
