"""``cuda.reduce`` y ``cuda.Reduce``: una reducción completa con la función que se dé."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from urdimbre.errors import ArgumentError
from urdimbre.sim.functions import intrinsics
from urdimbre.sim.host.kernel import Kernel
from urdimbre.sim.memory.device_array import DeviceArray, allocate, to_device

THREADS = 128


def _kernel(op: Kernel, dtype: np.dtype) -> Kernel:
    """Un bloque: cada hilo acumula con paso, y el bloque termina en árbol."""
    shared, thread, wait = intrinsics.shared, intrinsics.threadIdx, intrinsics.syncthreads

    def reduce_block(a, first, out):  # type: ignore[no-untyped-def]  es un kernel
        part = shared.array(THREADS, dtype)
        t = thread.x
        if t < a.size:
            part[t] = a[t]
        for i in range(t + THREADS, a.size, THREADS):
            part[t] = op(part[t], a[i])
        wait()
        width = THREADS // 2
        while width > 0:
            if t < width and t + width < a.size:
                part[t] = op(part[t], part[t + width])
            wait()
            width //= 2
        if t == 0:
            out[0] = op(part[0], first)

    return Kernel(reduce_block)


class Reduce:
    """Reduce un arreglo de una dimensión con una función asociativa de dos argumentos.

    El orden de las operaciones no está definido, como en Numba: con flotantes puede cambiar el
    último bit.
    """

    def __init__(self, functor: Callable[..., Any]):
        self._op = functor if isinstance(functor, Kernel) else Kernel(functor, device=True)
        self._kernels: dict[np.dtype, Kernel] = {}

    def __call__(
        self, arr: Any, size: int | None = None, res: DeviceArray | None = None, init: Any = 0,
        stream: Any = 0,
    ) -> Any:  # fmt: skip
        """El resultado; con ``res`` se escribe en su primer elemento y no se devuelve.

        Raises:
            ArgumentError: si el arreglo no es de una dimensión.
        """
        if arr.ndim != 1:
            raise ArgumentError("cuda.Reduce solo reduce arreglos de una dimensión.")
        array = to_device(arr)[: arr.size if size is None else size]
        first = array.dtype.type(init)
        if array.size == 0:
            return first
        out = allocate(1, array.dtype) if res is None else res
        kernel = self._kernels.setdefault(array.dtype, _kernel(self._op, array.dtype))
        kernel[1, THREADS](array, first, out)
        return out.copy_to_host()[0] if res is None else None


def reduce(functor: Callable[..., Any]) -> Reduce:
    """``@cuda.reduce``."""
    return Reduce(functor)
