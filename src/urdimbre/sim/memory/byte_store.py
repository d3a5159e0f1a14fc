"""Un espacio de memoria contado en bytes: para lo que no cae en un paso entero de elementos.

Así se leen los campos que son arreglos: entre un registro y el siguiente hay más bytes que entre
dos de sus elementos. Legenda: ``lin`` en bytes desde el principio del campo.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.sim.memory.spaces import Store, check_range, scatter


class ByteStore(Store):
    """La memoria de ``root`` desde el byte ``start``, leída como elementos ``dtype``.

    Attributes:
        words: la memoria entera vista como ``dtype``; de un registro, sus bytes.
        size: bytes donde puede empezar un elemento sin salirse.
    """

    def __init__(self, root: Store, start: int, dtype: np.dtype):
        self.fields = {}
        self.whole, self.start, self.kind, self.pitch = root, start, dtype, 1
        self.item = root.flat.dtype.itemsize
        self.raw = root.flat.view(np.uint8)
        self.words = self.raw if dtype.names else _whole(self.raw, dtype.itemsize).view(dtype)
        self.size = max(root.size * self.item - start - dtype.itemsize + 1, 0)
        self.space = root.space

    @property
    def flat(self) -> np.ndarray:
        return self.words

    @property
    def origin(self) -> int:
        return self.root.origin + self.start

    def part(self, name: str) -> Store:
        dtype, start = self.dtype.fields[name][:2]
        return ByteStore(self.root, self.start + start, dtype)

    @property
    def dtype(self) -> np.dtype:
        return self.kind

    def _bytes(self, lin: Any) -> Any:
        """Posición en ``raw`` de cada primer byte."""
        check_range(lin, self.size)
        record, rest = np.divmod(lin + self.start, self.item)
        return self.root.physical(record) * self.item + rest

    def physical(self, lin: Any) -> Any:
        """Posición en ``words``; el dispositivo no sabe leer una que no sea múltiplo."""
        return self._bytes(lin) // self.words.itemsize

    def take(self, lin: Any) -> Any:
        at, size = self._bytes(lin), self.words.itemsize
        if not np.any(at % size):
            return self.words[at // size]
        each = np.asarray(at)[..., None] + np.arange(size, dtype=np.int64)
        spread = self.raw[np.minimum(each, self.raw.size - 1)]
        return spread.view(self.dtype)[..., 0]

    def put(self, lin: Any, value: Any, mask: Any) -> None:
        at, size = self._bytes(lin), self.words.itemsize
        if not np.any(at % size):
            return scatter(self.words, at // size, value, mask)
        pieces = np.ascontiguousarray(value, self.dtype).reshape(*np.shape(value), 1).view(np.uint8)
        for k in range(size):
            scatter(self.raw, np.minimum(at + k, self.raw.size - 1), pieces[..., k], mask)


def nested(store: Store, name: str, dtype: np.dtype, bytewise: bool) -> ByteStore:
    """El espacio de un campo que es un arreglo; ``dtype`` es el de sus elementos."""
    found = store.fields.get((name, bytewise))
    if found is None:
        start = store.start + store.dtype.fields[name][1]
        found = store.fields[name, bytewise] = ByteStore(store.root, start, dtype)
        found.bytewise = bytewise
    return found


def _whole(raw: np.ndarray, size: int) -> np.ndarray:
    """Los bytes que caben en un número entero de elementos."""
    return raw[: raw.size // size * size]


def byte_steps(shape: tuple[int, ...], size: int) -> tuple[int, ...]:
    """Pasos en bytes de un arreglo por filas."""
    return tuple(size * int(np.prod(shape[k + 1 :], dtype=np.int64)) for k in range(len(shape)))
