"""La memoria de una tanda de bloques: compartida por bloque, local por hilo y constantes."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from urdimbre.sim.events import ArrayInfo
from urdimbre.sim.memory.byte_store import ByteStore
from urdimbre.sim.memory.device_array import as_reference
from urdimbre.sim.memory.references import ArrayRef, c_strides
from urdimbre.sim.memory.spaces import LocalStore, SharedStore, Store, poison
from urdimbre.sim.typed import types as T


class BlockMemory:
    """Los arreglos que declara el kernel; cada uno se crea la primera vez que se usa.

    Attributes:
        shape: ``(B, W, 32)``.
        dynamic_bytes: memoria compartida dinámica pedida en el lanzamiento.
    """

    def __init__(self, shape: tuple[int, int, int], dynamic_bytes: int):
        self.shape, self.dynamic_bytes = shape, dynamic_bytes
        self.arrays: dict[int, ArrayRef] = {}
        self.shared_used = 0
        self.dynamic: np.ndarray | None = None

    def declare(self, d: Any) -> ArrayRef:
        """Arreglo compartido o local; se crea la primera vez y luego es el mismo."""
        ref = self.arrays.get(id(d))
        if ref is None:
            make = self._shared if d.space == "shared" else self._local
            ref = self.arrays[id(d)] = make(d)
        return ref

    def _shared(self, d: Any) -> ArrayRef:
        if 0 in d.shape:
            return self._dynamic(d)
        size, item = int(np.prod(d.shape)), d.type.dtype.itemsize
        step = d.type.dtype.alignment if T.is_record(d.type.dtype) else item
        address = -(-self.shared_used // step) * step
        self.shared_used = address + size * item
        rows = poison((self.shape[0], size), d.type.dtype)
        return self._ref(SharedStore(rows), d, d.shape, address, size * item)

    def _dynamic(self, d: Any) -> ArrayRef:
        """Toda la memoria dinámica es la misma, se declare las veces que se declare."""
        nbytes, item = self.dynamic_bytes, d.type.dtype.itemsize
        if self.dynamic is None:
            self.dynamic = poison((self.shape[0], -(-nbytes // 16) * 2), np.dtype(np.uint64))
        count = nbytes // item
        store: Store = SharedStore(self.dynamic)
        if self.dynamic.strides[0] % item == 0:
            store = SharedStore(self.dynamic.view(d.type.dtype))
            store.size = count
            return self._ref(store, d, (count,), 1 << 16, nbytes)
        ref = self._ref(ByteStore(store, 0, d.type.dtype), d, (count,), 1 << 16, nbytes)
        return dataclasses.replace(ref, strides=(item,))

    def constant(self, value: Any) -> ArrayRef:
        """Un arreglo global del programa: NumPy se captura como constante."""
        ref = self.arrays.get(id(value))
        if ref is None:
            ref = self.arrays[id(value)] = as_reference(value)
        return ref

    def _local(self, d: Any) -> ArrayRef:
        size = int(np.prod(d.shape))
        planes = poison((size, *self.shape), d.type.dtype)
        return self._ref(LocalStore(planes), d, d.shape, 0, size * d.type.dtype.itemsize)

    def _ref(
        self, store: Any, d: Any, shape: tuple[int, ...], address: int, nbytes: int
    ) -> ArrayRef:
        info = ArrayInfo(
            d.name or d.space, d.space, address, shape, d.type.dtype, (address, nbytes), d.line
        )
        return ArrayRef(store, info, shape, c_strides(shape))
