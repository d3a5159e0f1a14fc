"""Los programas que se generan: un árbol que se escribe en Python y que también se evalúa.

Cada expresión sabe su tipo desde que se construye.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Expr:
    dtype: np.dtype


@dataclass(frozen=True)
class Literal(Expr):
    value: Any

    def __str__(self) -> str:
        return repr(self.value)


@dataclass(frozen=True)
class Variable(Expr):
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Thread(Expr):
    """``cuda.threadIdx.x`` y los demás."""

    text: str

    def __str__(self) -> str:
        return f"cuda.{self.text}"


@dataclass(frozen=True)
class Unary(Expr):
    symbol: str
    arg: Expr

    def __str__(self) -> str:
        return f"abs({self.arg})" if self.symbol == "abs" else f"({self.symbol}{self.arg})"


@dataclass(frozen=True)
class Binary(Expr):
    symbol: str
    left: Expr
    right: Expr

    def __str__(self) -> str:
        return f"({self.left} {self.symbol} {self.right})"


@dataclass(frozen=True)
class Fused(Expr):
    """``a * b + c`` y sus signos: el compilador lo calcula con un solo redondeo."""

    form: str
    parts: tuple[Expr, Expr, Expr]

    def __str__(self) -> str:
        return FUSED[self.form][0].format(*self.parts)


# Cómo se escribe, y los signos del producto y del sumando.
FUSED = {
    "ab+c": ("({0} * {1} + {2})", 1, 1),
    "c+ab": ("({2} + {0} * {1})", 1, 1),
    "ab-c": ("({0} * {1} - {2})", 1, -1),
    "c-ab": ("({2} - {0} * {1})", -1, 1),
    "-ab+c": ("(-({0} * {1}) + {2})", -1, 1),
    "-ab-c": ("(-({0} * {1}) - {2})", -1, -1),
}


@dataclass(frozen=True)
class Compare(Binary):
    pass


@dataclass(frozen=True)
class Logic(Binary):
    """``and`` y ``or`` entre booleanos."""


@dataclass(frozen=True)
class Between(Expr):
    """``left < middle <= right``."""

    symbols: tuple[str, str]
    parts: tuple[Expr, Expr, Expr]

    def __str__(self) -> str:
        (first, second), (a, b, c) = self.symbols, self.parts
        return f"({a} {first} {b} {second} {c})"


@dataclass(frozen=True)
class Not(Expr):
    arg: Expr

    def __str__(self) -> str:
        return f"(not {self.arg})"


@dataclass(frozen=True)
class Extreme(Expr):
    """``min`` o ``max`` de dos o más."""

    name: str
    args: tuple[Expr, ...]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.args))})"


@dataclass(frozen=True)
class Cast(Expr):
    function: str
    arg: Expr

    def __str__(self) -> str:
        return f"{self.function}({self.arg})"


@dataclass(frozen=True)
class Math(Expr):
    name: str
    arg: Expr

    def __str__(self) -> str:
        return f"math.{self.name}({self.arg})"


@dataclass(frozen=True)
class Choice(Expr):
    test: Expr
    then: Expr
    other: Expr

    def __str__(self) -> str:
        return f"({self.then} if {self.test} else {self.other})"


@dataclass(frozen=True)
class Pick(Expr):
    """``(a, b, c)[i]``: tupla homogénea con índice variable."""

    items: tuple[Expr, ...]
    index: Expr

    def __str__(self) -> str:
        return f"({', '.join(map(str, self.items))})[{self.index}]"


@dataclass(frozen=True)
class Element(Expr):
    array: str
    indices: tuple[Expr, ...]

    def __str__(self) -> str:
        return f"{self.array}[{', '.join(map(str, self.indices))}]"


@dataclass(frozen=True)
class CallDevice(Expr):
    name: str
    args: tuple[Expr, ...]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.args))})"


@dataclass
class Assign:
    """``name = value``, o ``name += value`` si ``augmented`` es ``+``; queda de tipo ``dtype``."""

    name: str
    value: Expr
    dtype: np.dtype
    augmented: str = ""


@dataclass
class Product:
    """``name = a * b`` y dos usos; ``kept`` si uno no es una suma, y entonces no se funde."""

    name: str
    factors: tuple[Expr, Expr]
    dtype: np.dtype
    uses: tuple[tuple[str, str, Expr], ...]
    kept: bool


@dataclass
class Unpack:
    """``x, y = cuda.grid(2)``."""

    names: tuple[str, str]


@dataclass
class Swap:
    """``a, b = b, a``."""

    names: tuple[str, str]


@dataclass
class View:
    """``fila = a[i]``: una fila de un arreglo 2-D."""

    name: str
    array: str
    index: Expr


@dataclass
class AtomicAdd:
    """``cuda.atomic.add(array, index, value)``, sin usar lo que devuelve."""

    array: str
    index: Expr
    value: Expr


@dataclass
class Store:
    target: Element
    value: Expr


@dataclass
class If:
    test: Expr
    then: list[Any]
    other: list[Any]


@dataclass
class For:
    name: str
    dtype: np.dtype
    bounds: tuple[Expr, ...]
    body: list[Any]
    otherwise: list[Any] = field(default_factory=list)


@dataclass
class While:
    """``while test`` con su propio contador, para que siempre termine."""

    counter: str
    limit: int
    test: Expr
    body: list[Any]


@dataclass
class Word:
    """``break``, ``continue`` o ``return``."""

    text: str


@dataclass
class Barrier:
    pass


@dataclass
class Collective:
    """``name = cuda.function(mask, value, lane)``; con máscara 0, de todo el bloque."""

    name: str
    function: str
    mask: int
    value: Expr
    lane: Expr | None = None


@dataclass
class ReturnValue:
    value: Expr


@dataclass
class Local:
    """Un arreglo compartido o local."""

    name: str
    space: str
    shape: tuple[int, ...]
    dtype: np.dtype
    dynamic: bool = False


@dataclass
class Device:
    name: str
    params: list[tuple[str, np.dtype]]
    body: list[Any]
    returns: np.dtype


@dataclass
class Program:
    """Un kernel completo.

    Attributes:
        arrays: nombre -> arreglo de entrada.
        out: forma y tipo de la salida, ``out``.
        grid, block: lanzamiento.
    """

    arrays: dict[str, np.ndarray]
    out: np.ndarray
    scalars: dict[str, Any]
    devices: list[Device]
    body: list[Any]
    grid: tuple[int, ...]
    block: tuple[int, ...]
    shared_bytes: int = 0
