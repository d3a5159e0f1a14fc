"""Los espacios de memoria: global con direcciones virtuales, compartida por bloque, local por hilo.

Legenda: ``lin`` es el índice lineal en elementos, tal como lo calcula el kernel; ``at`` es la
posición en el arreglo plano que guarda los datos. ``B`` bloques de la tanda, ``W`` warps.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from urdimbre.sim.events import WARP

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
    """Reparte direcciones virtuales alineadas a 256 B, siempre las mismas en el mismo orden.

    Recuerda qué hay en cada una sin mantenerlo vivo.
    """

    def __init__(self, start: int = 0x7F0000000000):
        self.next = start
        self.placed: WeakValueDictionary[int, GlobalStore] = WeakValueDictionary()

    def place(self, store: GlobalStore) -> int:
        """La dirección de una asignación nueva."""
        address, nbytes = self.next, store.flat.nbytes
        self.next += -(-(max(nbytes, 1) + GUARD) // ALIGNMENT) * ALIGNMENT
        self.placed[address] = store
        return address

    def find(self, address: int) -> tuple[int, GlobalStore] | None:
        """La asignación viva que ocupa esa dirección, y dónde empieza."""
        for start, store in self.placed.items():
            if start <= address < start + store.flat.nbytes:
                return start, store
        return None


class Store:
    """Lo común a los tres espacios: elementos seguidos, y los campos de los registros.

    Attributes:
        pitch: bytes de un elemento al siguiente; en el campo de un registro, los del registro.
        bytewise: si se lee y escribe byte a byte, como los registros sin alinear.
    """

    bytewise = False

    def __init__(self, data: np.ndarray):
        self.data, self.pitch = data, data.dtype.itemsize
        self.fields: dict[Any, Store] = {}
        self.whole, self.start = None, 0

    @property
    def root(self) -> Store:
        """La asignación entera; no se guarda a sí misma, y así su memoria se libera al soltarla."""
        return self if self.whole is None else self.whole

    @property
    def origin(self) -> int:
        """Dirección del primer byte en la memoria de Python."""
        return self.flat.__array_interface__["data"][0]

    @property
    def aligned(self) -> bool:
        return self.dtype.isalignedstruct

    def field(self, name: str) -> Store:
        """El mismo espacio visto por un campo de sus registros."""
        found = self.fields.get(name)
        if found is None:
            found = self.fields[name] = self.part(name)
            found.bytewise = self.bytewise or not self.aligned
        return found

    def part(self, name: str) -> Store:
        """El espacio de un campo que es un número o un registro."""
        out = type(self)(self.data[name])
        out.pitch, out.size = self.pitch, self.size
        out.whole, out.start = self.root, self.start + self.data.dtype.fields[name][1]
        return out

    def seen_as(self, dtype: np.dtype) -> Store:
        """El mismo espacio con otro tipo del mismo tamaño."""
        found = self.fields.get(dtype)
        if found is None:
            found = self.fields[dtype] = type(self)(self.data.view(dtype))
            found.pitch, found.size = self.pitch, self.size
            found.whole, found.start = self.root, self.start
        return found

    @property
    def dtype(self) -> np.dtype:
        return self.data.dtype


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

    def read_as(self, dtype: np.dtype) -> GlobalStore:
        """Toda la memoria leída como ``dtype``."""
        raw = self.root.flat.view(np.uint8)
        out = GlobalStore(raw[: raw.size // dtype.itemsize * dtype.itemsize].view(dtype))
        out.whole = self.root
        return out

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


def lanes_shape(blocks: int, threads: int) -> tuple[int, int, int]:
    return (blocks, -(-threads // WARP), WARP)
