"""La CUDA Array Interface (versión 3): arreglos de otros que están en la memoria simulada.

Cualquier objeto con ``__cuda_array_interface__`` y una dirección del simulador es un argumento
de un kernel, como en Numba. Descripción: https://numba.readthedocs.io, «CUDA Array Interface».
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from urdimbre.errors import ArgumentError, UnsupportedError
from urdimbre.sim.host.streams import Stream
from urdimbre.sim.memory.device_array import ADDRESSES, DeviceArray, allocate, check_dtype
from urdimbre.sim.memory.spaces import GlobalStore

ELSEWHERE = (
    "La dirección {0:#x} no es de la memoria del simulador: ese arreglo está en otra parte, o ya "
    "no existe. Cópialo antes con cuda.to_device."
)


def is_cuda_array(obj: Any) -> bool:
    """Si el objeto tiene ``__cuda_array_interface__``."""
    return isinstance(obj, DeviceArray) or hasattr(obj, "__cuda_array_interface__")


def as_cuda_array(obj: Any, sync: bool = True) -> DeviceArray:
    """El arreglo del dispositivo que ve la misma memoria que ``obj``, sin copiarla.

    Raises:
        ArgumentError: si no tiene la interfaz, o su memoria no es la del simulador.
    """
    if isinstance(obj, DeviceArray):
        return obj
    if not is_cuda_array(obj):
        raise ArgumentError(
            f"Un objeto de tipo {type(obj).__name__} no tiene __cuda_array_interface__."
        )
    return from_cuda_array_interface(obj.__cuda_array_interface__, obj, sync)


def adopted(value: Any) -> Any:
    """Un argumento de un lanzamiento; el arreglo de otro, visto como arreglo del dispositivo."""
    return as_cuda_array(value) if is_cuda_array(value) else value


def from_cuda_array_interface(
    desc: dict[str, Any], owner: Any = None, sync: bool = True
) -> DeviceArray:
    """El arreglo que describe ``desc``; la memoria vive mientras viva el resultado.

    Raises:
        ArgumentError: si la descripción no cuadra, o la memoria no es la del simulador.
        UnsupportedError: si lleva una máscara, como en Numba.
    """
    if desc.get("mask") is not None:
        raise UnsupportedError("Un arreglo con máscara no se puede usar en un kernel.")
    try:
        array = _view(desc)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, ArgumentError):
            raise
        raise ArgumentError(f"__cuda_array_interface__ no describe un arreglo: {error}.") from None
    if desc.get("stream") is not None:
        array.stream = Stream(desc["stream"])
        if sync:
            array.stream.synchronize()
    return array


def _view(desc: dict[str, Any]) -> DeviceArray:
    dtype, shape = check_dtype(_dtype(desc)), tuple(desc["shape"])
    address, read_only = desc["data"]
    if not math.prod(shape):
        return allocate(shape, dtype)
    found = ADDRESSES.find(address)
    if found is None:
        raise ArgumentError(ELSEWHERE.format(address))
    start, root = found
    strides, raw = desc.get("strides"), root.flat.view(np.uint8)
    view = np.ndarray(shape, dtype, raw, address - start, strides)
    view.flags.writeable = not read_only
    store = _store(root, raw, address - start, view)
    return DeviceArray(store, start + store.start, view)


def _dtype(desc: dict[str, Any]) -> np.dtype:
    """El tipo de los elementos; el de un registro, por sus campos."""
    dtype, fields = np.dtype(desc["typestr"]), desc.get("descr")
    if dtype.kind != "V" or not fields:
        return dtype
    return np.lib.format.descr_to_dtype(fields)


def _store(root: GlobalStore, raw: np.ndarray, offset: int, view: np.ndarray) -> GlobalStore:
    """La asignación leída cada ``pitch`` bytes: lo que mide un elemento, o el registro entero."""
    size = view.dtype.itemsize
    pitch = size if all(s % size == 0 for s in view.strides) else math.gcd(*view.strides)
    first = offset % pitch
    count = (raw.size - first - size) // pitch + 1
    store = GlobalStore(np.ndarray(count, view.dtype, raw, first, (pitch,)))
    store.whole, store.start, store.pitch = root, first, pitch
    return store
