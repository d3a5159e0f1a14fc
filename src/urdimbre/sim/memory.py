"""Los espacios de memoria: global con direcciones virtuales, compartida por bloque, local por hilo.

Legenda: ``lin`` es el índice lineal en elementos, tal como lo calcula el kernel; ``at`` es la
posición en el arreglo plano que guarda los datos. ``B`` bloques de la tanda, ``W`` warps.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from urdimbre.sim.events import WARP, ArrayInfo

POISON = 0xFF  # bytes sin inicializar: NaN en flotantes, -1 en enteros con signo
ALIGNMENT = 256
GUARD = 512  # hueco entre asignaciones: salirse nunca cae en otro arreglo
FAR = np.int64(1 << 40)


def poison(shape: Any, dtype: np.dtype) -> np.ndarray:
    """Arreglo sin inicializar: todos sus bytes valen 0xFF."""
    if dtype.kind == "b":
        return np.ones(shape, dtype)
    out = np.empty(shape, dtype)
    out.reshape(-1).view(np.uint8)[...] = POISON
    return out


class AddressSpace:
    """Reparte direcciones virtuales alineadas a 256 B, siempre las mismas en el mismo orden."""

    def __init__(self, start: int = 0x7F0000000000):
        self.next = start

    def reserve(self, nbytes: int) -> int:
        address = self.next
        self.next += -(-(max(nbytes, 1) + GUARD) // ALIGNMENT) * ALIGNMENT
        return address


class Store:
    """Lo común a los tres espacios: elementos seguidos, y los campos de los registros.

    Attributes:
        pitch: bytes de un elemento al siguiente; en el campo de un registro, los del registro.
        bytewise: si se lee y escribe byte a byte, como los registros sin alinear.
    """

    bytewise = False

    def __init__(self, data: np.ndarray):
        self.data, self.pitch = data, data.dtype.itemsize
        self.fields: dict[str, Store] = {}

    def field(self, name: str) -> Store:
        """El mismo espacio visto por un campo de sus registros."""
        found = self.fields.get(name)
        if found is None:
            found = self.fields[name] = type(self)(self.data[name])
            found.pitch = self.pitch
            found.bytewise = self.bytewise or not self.data.dtype.isalignedstruct
            found.size = self.size
        return found


class GlobalStore(Store):
    """Memoria global: un arreglo plano visible para toda la malla.

    Attributes:
        initialized: si una copia o un lanzamiento pudo escribirla; sin saberlo, se supone que sí.
    """

    space = "global"
    initialized = True

    def __init__(self, flat: np.ndarray):
        super().__init__(flat)
        self.flat = flat
        self.size = flat.size
        # take() copiaría entero un campo, que no es contiguo.
        self.take = flat.take if flat.flags.c_contiguous else flat.__getitem__

    def physical(self, lin: Any) -> Any:
        return lin

    def put(self, lin: Any, value: Any, mask: Any) -> None:
        scatter(self.flat, lin, value, mask)


class SharedStore(Store):
    """Memoria compartida: una fila por bloque de la tanda."""

    space = "shared"

    def __init__(self, rows: np.ndarray):
        super().__init__(rows)
        blocks, self.size = rows.shape
        self.rows, self.flat = rows, rows.reshape(-1)
        self.first = (np.arange(blocks, dtype=np.int64) * self.size).reshape(-1, 1, 1)

    def physical(self, lin: Any) -> Any:
        check_range(lin, self.size)
        return lin + self.first

    def take(self, lin: Any) -> Any:
        if not isinstance(lin, np.ndarray):
            return self.rows.take(lin, axis=1).reshape(-1, 1, 1)
        if lin.shape[0] == 1:
            return self.rows.take(lin.reshape(-1), axis=1).reshape(-1, *lin.shape[1:])
        return self.flat.take(self.physical(lin))

    def put(self, lin: Any, value: Any, mask: Any) -> None:
        scatter(self.flat, self.physical(lin), value, mask)


class LocalStore(Store):
    """Memoria local: un plano ``(B, W, 32)`` por elemento."""

    space = "local"

    def __init__(self, planes: np.ndarray):
        super().__init__(planes)
        self.planes, self.size = planes, planes.shape[0]
        self.flat = planes.reshape(-1)
        lanes = planes[0].size
        self.lanes, self.lane = lanes, np.arange(lanes, dtype=np.int64).reshape(planes.shape[1:])

    def physical(self, lin: Any) -> Any:
        check_range(lin, self.size)
        return lin * self.lanes + self.lane

    def take(self, lin: Any) -> Any:
        if not isinstance(lin, np.ndarray):
            return self.planes.take(lin, axis=0)
        return self.flat.take(self.physical(lin))

    def put(self, lin: Any, value: Any, mask: Any) -> None:
        if isinstance(lin, np.ndarray):
            return scatter(self.flat, self.physical(lin), value, mask)
        np.copyto(self.planes[lin], value, where=mask)


def check_range(lin: Any, size: int) -> None:
    """Lo que NumPy ya comprueba en un arreglo plano, para uno partido en filas."""
    high = lin.max(initial=-1) if isinstance(lin, np.ndarray) else lin
    if high >= size:
        raise IndexError(high)


def scatter(flat: np.ndarray, at: Any, value: Any, mask: Any) -> None:
    """Escribe; si dos carriles van al mismo sitio, gana el último."""
    shape = np.broadcast_shapes(np.shape(at), np.shape(value), np.shape(mask))
    at, value = np.broadcast_to(at, shape), np.broadcast_to(value, shape)
    if mask is True:
        flat[at] = value
    else:
        active = np.broadcast_to(mask, shape)
        flat[at[active]] = value[active]


@dataclass(frozen=True, eq=False, slots=True)
class ArrayRef:
    """Un arreglo visto por el kernel: dónde están sus datos y cómo se recorren.

    Attributes:
        offset: primer elemento, en elementos; un entero o un valor por carril (una vista).
        shape: longitudes; enteros, o valores por carril en una rebanada variable.
        strides: en elementos.
    """

    store: Any
    info: ArrayInfo
    shape: tuple[Any, ...]
    strides: tuple[int, ...]
    offset: Any = 0

    def field(self, name: str) -> ArrayRef:
        """El arreglo de ese campo de los registros: la misma forma, otra dirección."""
        dtype, start = self.info.dtype.fields[name][:2]
        info = dataclasses.replace(
            self.info, name=f"{self.info.name}.{name}", dtype=dtype,
            address=self.info.address + start,
        )  # fmt: skip
        store = self.store.field(name)
        return ArrayRef(store, info, self.shape, self.strides, self.offset)


@dataclass(frozen=True, eq=False, slots=True)
class RecordRef:
    """Un registro: el elemento ``index`` de un arreglo, en cada carril."""

    ref: ArrayRef
    index: tuple[Any, ...]

    def field(self, name: str) -> RecordRef:
        return RecordRef(self.ref.field(name), self.index)


def c_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Pasos en elementos de un arreglo por filas."""
    out, step = [], 1
    for n in reversed(shape):
        out.append(step)
        step *= max(n, 1)
    return tuple(reversed(out))


def reshaped(shape: list[int], strides: Any, wanted: list[int]) -> tuple[int, ...]:
    """La forma pedida, con su ``-1`` resuelto.

    Raises:
        ValueError: si el arreglo no es contiguo o los elementos no son los mismos.
    """
    total, known = math.prod(shape), math.prod(n for n in wanted if n != -1)
    new = tuple(total // max(known, 1) if n == -1 else n for n in wanted)
    plain = all(n == 1 or s == c for n, s, c in zip(shape, strides, c_strides(tuple(shape))))
    if not plain or min(wanted) < -1 or wanted.count(-1) > 1 or math.prod(new) != total:
        raise ValueError(wanted)
    return new


def wrap_negative(i: Any, n: Any) -> Any:
    """Un índice negativo cuenta desde el final; si aún es negativo, queda fuera de todo."""
    i = np.where(i < 0, i + n, i)
    return np.where(i < 0, FAR, i)[()]


def lowest(i: Any) -> Any:
    return i.min(initial=0) if isinstance(i, np.ndarray) else i


def linear(ref: ArrayRef, index: tuple[Any, ...]) -> Any:
    """Índice lineal de los carriles, con los negativos ya contados desde el final."""
    lin = ref.offset
    plain = not isinstance(lin, np.ndarray | np.generic) and lin == 0
    for i, n, step in zip(index, ref.shape, ref.strides, strict=True):
        if i.dtype.kind == "u":
            i = i.astype(np.int64)
            i = np.where(i < 0, FAR, i)[()] if lowest(i) < 0 else i
        elif lowest(i) < 0:
            i = wrap_negative(i, n)
        term = i if step == 1 else i * step
        lin, plain = (term if plain else lin + term), False
    return lin if isinstance(lin, np.ndarray | np.generic) else np.int64(lin)


def outside(ref: ArrayRef, index: tuple[Any, ...], mask: Any) -> Any:
    """Carriles activos con algún índice fuera de la forma; ``False`` si ninguno."""
    bad: Any = False
    for i, n in zip(index, ref.shape, strict=True):
        bad = bad | ((i >= n) | (i < (0 if i.dtype.kind == "u" else -n)))
    bad = bad & mask if mask is not True else bad
    return bad if np.any(bad) else False


def lanes_shape(blocks: int, threads: int) -> tuple[int, int, int]:
    return (blocks, -(-threads // WARP), WARP)
