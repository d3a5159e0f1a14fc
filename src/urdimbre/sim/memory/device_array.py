"""Arreglos del dispositivo: datos en una dirección virtual, vistos desde el anfitrión."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from urdimbre.errors import ArgumentError
from urdimbre.sim.events import ArrayInfo
from urdimbre.sim.memory.references import ArrayRef
from urdimbre.sim.memory.spaces import AddressSpace, GlobalStore, poison
from urdimbre.sim.typed import types as T

ADDRESSES = AddressSpace()
NOT_CONTIGUOUS = (
    "El arreglo no es contiguo: Numba solo copia tramos seguidos de memoria. Copia el arreglo "
    "entero, o haz la copia en un kernel."
)


class DeviceArray:
    """Un arreglo en la memoria global simulada.

    Attributes:
        data: los datos, como vista de NumPy sobre la asignación ``store.flat``.
        address: dirección virtual del primer byte de la asignación.
    """

    __urdimbre_device_array__ = True
    stream: Any = 0

    def __init__(self, store: GlobalStore, address: int, view: np.ndarray):
        self.store, self.address, self.data = store, address, view

    shape = property(lambda self: self.data.shape)
    dtype = property(lambda self: self.data.dtype)
    ndim = property(lambda self: self.data.ndim)
    size = property(lambda self: self.data.size)
    nbytes = property(lambda self: self.data.nbytes)
    strides = property(lambda self: self.data.strides)
    flags = property(lambda self: self.data.flags)
    alloc_size = property(lambda self: self.store.root.flat.nbytes)

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        """CUDA Array Interface, versión 3; la dirección es la del primer elemento."""
        return {
            "shape": self.shape,
            "typestr": self.dtype.str,
            "descr": self.dtype.descr,
            "data": (self._first_byte() if self.size else 0, not self.flags.writeable),
            "strides": None if self.flags.c_contiguous else self.strides,
            "stream": int(self.stream.handle) if self.stream else None,
            "version": 3,
        }

    def _first_byte(self) -> int:
        return self.address + _pointer(self.data) - self.store.origin

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        return f"<arreglo de dispositivo {self.dtype.name}{self.shape} (simulador)>"

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return self.copy_to_host().astype(dtype or self.dtype, copy=False)

    def _with(self, view: np.ndarray) -> DeviceArray:
        """Otra vista de la misma memoria."""
        return DeviceArray(self.store, self.address, view)

    def copy_to_host(self, ary: np.ndarray | None = None, stream: Any = 0) -> np.ndarray:
        """Copia al anfitrión; a ``ary`` si se da.

        Raises:
            ArgumentError: si ``ary`` no tiene la misma forma y tipo.
        """
        if ary is None:
            return self.data.copy(order="K")
        _same(ary, self)
        ary[...] = self.data
        return ary

    def copy_to_device(self, ary: Any, stream: Any = 0) -> None:
        """Copia aquí ``ary``, un arreglo de NumPy o del dispositivo.

        Raises:
            ArgumentError: si la forma o el tipo no son los mismos; como en Numba, también si este
                arreglo no es contiguo, o el otro, del dispositivo, no guarda el mismo orden.
        """
        source = ary.data if isinstance(ary, DeviceArray) else np.asarray(ary)
        _same(source, self)
        need_contiguous(self.data)
        if isinstance(ary, DeviceArray):
            need_contiguous(source)
            if source.strides != self.strides:
                raise ArgumentError(
                    f"No se puede copiar entre arreglos del dispositivo de distinto orden: los "
                    f"pasos son {source.strides} y {self.strides}."
                )
        self.data[...] = source
        self.store.root.initialized = True

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, str):
            whole = reference(self, "").field(index)
            start = self.dtype.fields[index][1]
            return DeviceArray(whole.store, self.address + start, self.data[index])
        part = self.data[index]
        return DeviceArray(self.store, self.address, part) if isinstance(part, np.ndarray) else part

    def __setitem__(self, index: Any, value: Any) -> None:
        self.data[index] = value.data if isinstance(value, DeviceArray) else value
        self.store.root.initialized = True

    def reshape(self, *shape: Any, order: str = "C") -> DeviceArray:
        """La misma memoria con otra forma.

        Raises:
            ArgumentError: si habría que copiar los datos.
        """
        made = self.data.reshape(*shape, order=order)
        if not np.may_share_memory(made, self.data) and made.size:
            raise ArgumentError(
                f"reshape no copia: un arreglo {self.shape} de pasos {self.strides} no se puede "
                f"ver como {made.shape}."
            )
        return self._with(made)

    def ravel(self, order: str = "C") -> DeviceArray:
        """La misma memoria en una dimensión, por filas (``C``) o por columnas (``F``)."""
        by_columns = self.flags.f_contiguous and not self.flags.c_contiguous
        return self.reshape(-1, order=order if order in "CF" else "F" if by_columns else "C")

    def squeeze(self, axis: Any = None) -> DeviceArray:
        return self._with(self.data.squeeze(axis))

    def transpose(self, axes: Any = None) -> DeviceArray:
        return self._with(self.data.transpose(axes))

    @property
    def T(self) -> DeviceArray:
        return self.transpose()

    def view(self, dtype: Any) -> DeviceArray:
        """Los mismos bytes con otro tipo."""
        dtype = check_dtype(np.dtype(dtype))
        return DeviceArray(self.store.read_as(dtype), self.address, self.data.view(dtype))

    def split(self, section: int, stream: Any = 0) -> Iterator[DeviceArray]:
        """Partes seguidas de ``section`` elementos; la última puede ser más corta."""
        for start in range(0, self.size, section):
            yield self[start : start + section]

    def is_c_contiguous(self) -> bool:
        return self.data.flags.c_contiguous

    def is_f_contiguous(self) -> bool:
        return self.data.flags.f_contiguous

    def bind(self, stream: Any = 0) -> DeviceArray:
        """Otra vista de la misma memoria, con ese stream; aquí todo va siempre en orden."""
        other = self._with(self.data)
        other.stream = stream
        return other


def _same(ary: Any, device: DeviceArray) -> None:
    if ary.shape != device.shape or ary.dtype != device.dtype:
        raise ArgumentError(
            f"No se puede copiar entre {ary.dtype.name}{ary.shape} y "
            f"{device.dtype.name}{device.shape}: la forma y el tipo deben ser iguales."
        )


def need_contiguous(data: np.ndarray) -> None:
    if not data.flags.contiguous and not data.flags.f_contiguous:
        raise ArgumentError(NOT_CONTIGUOUS)


def check_dtype(dtype: np.dtype) -> np.dtype:
    """El tipo, si un kernel puede usarlo.

    Raises:
        ArgumentError: si no.
    """
    known = T.is_record(dtype) or dtype.name in T.SCALARS
    if not known or not dtype.isnative or dtype.hasobject:
        raise ArgumentError(f"Un arreglo de tipo {dtype} no se puede usar en un kernel.")
    return dtype


def allocate(shape: Any, dtype: Any, order: str = "C") -> DeviceArray:
    """Memoria sin inicializar: bytes 0xFF, que en flotantes son NaN."""
    dtype = check_dtype(np.dtype(T.dtype_of(dtype) or dtype))
    shape = (shape,) if isinstance(shape, int | np.integer) else tuple(shape)
    flat = poison((int(np.prod(shape, dtype=np.int64)),), dtype)
    store = GlobalStore(flat)
    store.initialized = False
    return DeviceArray(store, ADDRESSES.place(store), flat.reshape(shape, order=order))


def allocate_like(ary: Any) -> DeviceArray:
    """Memoria sin inicializar con la forma y el orden de ``ary``, sin huecos."""
    axes = sorted(range(ary.ndim), key=lambda k: -abs(ary.strides[k]))
    made = allocate([ary.shape[k] for k in axes], ary.dtype)
    return made.transpose(np.argsort(axes)) if ary.ndim > 1 else made


def to_device(ary: Any) -> DeviceArray:
    """Copia un arreglo del anfitrión; uno por columnas (Fortran) conserva su orden."""
    if isinstance(ary, DeviceArray):
        return ary
    host = np.asarray(ary)
    by_columns = host.flags.f_contiguous and not host.flags.c_contiguous
    out = allocate(host.shape, host.dtype, "F" if by_columns else "C")
    out.data[...] = host
    out.store.initialized = True
    return out


def reference(array: DeviceArray, name: str, space: str = "global") -> ArrayRef:
    """Cómo ve el kernel este arreglo; quien lo ve puede escribirlo."""
    store, view = array.store, array.data
    item, root = store.pitch, store.root
    offset = (_pointer(view) - store.origin) // item if view.size else 0
    info = ArrayInfo(
        name, space, array.address, view.shape, view.dtype,
        (array.address - store.start, root.flat.nbytes), initialized=root.initialized,
    )  # fmt: skip
    root.initialized = True
    return ArrayRef(store, info, view.shape, tuple(s // item for s in view.strides), offset)


def as_reference(value: Any) -> ArrayRef:
    """Un arreglo global visto por el kernel: NumPy como constante, dispositivo por dirección."""
    if isinstance(value, DeviceArray):
        return reference(value, "arreglo global")
    return reference(to_device(value), "constante", "const")


def _pointer(a: np.ndarray) -> int:
    return a.__array_interface__["data"][0]
