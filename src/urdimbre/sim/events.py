"""Lo que una ejecución cuenta a quien la observa.

La ejecución emite eventos; los observadores los leen. Con ningún observador no se construye
ninguno. Un observador es cualquier objeto con algunos de estos métodos:

    launched(launch, args)         al llamarlo: el lanzamiento y sus argumentos, sin compilar aún
    begin(launch: LaunchInfo)      antes del primer bloque
    begin_chunk(lanes: Lanes)      antes de cada tanda de bloques
    on_access(event: Access)
    on_barrier(event: Barrier)
    on_branch(event: Branch)
    on_op(event: Op)
    on_step(event: Step)
    end_chunk()
    end()

Nombres cortos: ``B`` bloques de la tanda, ``W`` warps por bloque; los carriles son ``(B, W, 32)``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

WARP = 32


class Line(int):
    """Un número de línea que sabe de qué texto es: dos celdas tienen cada una su línea 3.

    Dos ``Line`` son iguales si coinciden el número y el texto; con un entero basta el número.

    Attributes:
        origin: el archivo o la celda, tal como lo nombra Python.
        function: la función del código en que está.
        text: lo que dice la línea, sin sangría.
    """

    def __new__(cls, number: int, origin: str = "", function: str = "", text: str = "") -> Line:
        line = super().__new__(cls, number)
        line.origin, line.function, line.text = origin, function, text
        return line

    def __getnewargs__(self) -> tuple[int, str, str, str]:
        return int(self), self.origin, self.function, self.text

    def __eq__(self, other: object) -> bool:
        return int(self) == other and getattr(other, "origin", self.origin) == self.origin

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = int.__hash__


@dataclass(frozen=True, eq=False)
class Lanes:
    """Geometría de una tanda de bloques completos.

    Attributes:
        shape: ``(B, W, 32)``.
        grid, block: dimensiones ``(x, y, z)`` del lanzamiento.
        first_block: índice lineal del primer bloque de la tanda.
        base_mask: carriles que existen: ``True`` o bool ``(1, W, 32)`` si el bloque no llena
            su último warp.
    """

    shape: tuple[int, int, int]
    grid: tuple[int, int, int]
    block: tuple[int, int, int]
    first_block: int
    base_mask: Any = True

    def block_index(self, b: int) -> tuple[int, int, int]:
        """``(x, y, z)`` de ``blockIdx`` del bloque ``b``-ésimo de la tanda."""
        return _unravel(self.first_block + b, self.grid)

    def thread_index(self, t: int) -> tuple[int, int, int]:
        """``(x, y, z)`` de ``threadIdx`` del hilo lineal ``t = 32 * warp + carril``."""
        return _unravel(t, self.block)


def _unravel(i: int, dims: tuple[int, int, int]) -> tuple[int, int, int]:
    x, y, _ = dims
    return (i % x, i // x % y, i // (x * y))


@dataclass(frozen=True, eq=False)
class ArrayInfo:
    """Un arreglo tal como lo ve el kernel.

    Attributes:
        name: nombre en el kernel (o en quien lo creó).
        space: ``"global"``, ``"shared"``, ``"local"`` o ``"const"``.
        address: dirección virtual del primer byte. En ``shared`` y ``local``, desplazamiento
            dentro de la memoria del bloque o del hilo.
        shape, dtype: como en NumPy.
        allocation: dirección y bytes de la asignación que lo contiene.
        line: línea de la declaración (0 si vino como argumento).
        initialized: en ``global``, si alguien pudo escribirlo antes de este lanzamiento: una
            copia o un kernel.
    """

    name: str
    space: str
    address: int
    shape: tuple[int, ...]
    dtype: np.dtype
    allocation: tuple[int, int]
    line: int = 0
    initialized: bool = True


@dataclass(frozen=True)
class LaunchInfo:
    """Un lanzamiento: kernel, geometría y código fuente para citar líneas.

    ``source_line(n)`` da el texto de la línea ``n`` del archivo o celda; ``origin`` es el nombre
    que Python le da, distinto en cada celda.
    """

    kernel: str
    filename: str
    first_line: int
    source: tuple[str, ...]
    grid: tuple[int, int, int]
    block: tuple[int, int, int]
    shared_bytes: int = 0
    arrays: tuple[ArrayInfo, ...] = ()
    extra_sources: dict[int, str] = field(default_factory=dict)
    static_shared_bytes: int = 0
    origin: str = ""

    def source_line(self, line: int) -> str:
        text = getattr(line, "text", "")
        if text:
            return text
        i = line - self.first_line
        if 0 <= i < len(self.source):
            return self.source[i].strip()
        return self.extra_sources.get(line, "").strip()


@dataclass(frozen=True, eq=False, slots=True)
class Access:
    """Una instrucción de memoria, todos los carriles de la tanda a la vez.

    Attributes:
        kind: ``"load"``, ``"store"`` o ``"atomic"``.
        line: línea del código.
        array: a qué arreglo.
        address: int64 que se puede difundir a ``lanes.shape``: primer byte de cada carril.
            Las formas reducidas, como ``(1, W, 32)``, dicen que el acceso es igual en todos
            los bloques: un observador rápido cuenta una vez y multiplica.
        mask: ``True`` o bool que se puede difundir: carriles activos.
        size: bytes por carril.
        index: el índice por dimensión, como lo escribió el kernel (para los mensajes).
        out_of_bounds: ``False`` o bool: carriles activos cuyo índice sale de la forma.
        value: lo leído o escrito, si se puede difundir a ``lanes.shape``; si no, ``None``.
        result_used: en una atómica, si el valor devuelto se usa.
        reads: si importa lo que había: no, en un ``exch`` cuyo resultado no se usa.
    """

    kind: str
    line: int
    array: ArrayInfo
    address: np.ndarray
    mask: Any
    size: int
    lanes: Lanes
    index: tuple[Any, ...] = ()
    out_of_bounds: Any = False
    value: Any = None
    result_used: bool = True
    reads: bool = True


@dataclass(frozen=True, eq=False, slots=True)
class Barrier:
    """Los carriles activos llegan a ``syncthreads`` o a una reunión del warp.

    Attributes:
        mask: quiénes llegan; en ``"syncwarp"``, también los que la máscara no nombra.
        exited: ``False`` o bool: quiénes terminaron con ``return`` antes.
        kind: ``"syncthreads"``, o ``"syncwarp"`` en toda operación del warp con máscara.
        named: en ``"syncwarp"``, los carriles que nombra la máscara.
    """

    line: int
    mask: Any
    exited: Any
    lanes: Lanes
    kind: str = "syncthreads"
    named: Any = True


@dataclass(frozen=True, eq=False, slots=True)
class Branch:
    """Una decisión: ``mask`` llegan, ``taken`` siguen por la rama verdadera (o por el ciclo)."""

    line: int
    mask: Any
    taken: Any
    lanes: Lanes


@dataclass(frozen=True, eq=False, slots=True)
class Op:
    """Una suma, resta, producto o FMA de flotantes; en float64, cualquier operación.

    Attributes:
        mask: carriles activos.
        dtype: el tipo en que se calcula.
        flops: FLOP por carril: 1, o 2 si es una FMA; 0 en una división o una comparación.
        operands: de qué tipo era cada operando antes de llevarlo a ``dtype``.
    """

    line: int
    mask: Any
    lanes: Lanes
    dtype: np.dtype
    flops: int
    operands: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """Los carriles ``mask`` ejecutan una instrucción del código que no es una decisión."""

    line: int
    mask: Any
    lanes: Lanes
