"""El dispositivo simulado y su contexto: lo que un programa pregunta antes de lanzar kernels.

Lo que depende de una tarjeta (capacidad de cómputo, multiprocesadores, memoria) no se inventa.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.errors import ArgumentError, LaunchError, UnsupportedError
from urdimbre.sim.memory.device_array import NOT_CONTIGUOUS, DeviceArray, need_contiguous, to_device


class Device:
    """El dispositivo simulado: los límites de CUDA, sin tarjeta."""

    id = 0
    name = b"Urdimbre (simulador)"
    WARP_SIZE = 32
    MAX_THREADS_PER_BLOCK = 1024
    MAX_BLOCK_DIM_X, MAX_BLOCK_DIM_Y, MAX_BLOCK_DIM_Z = 1024, 1024, 64
    MAX_GRID_DIM_X, MAX_GRID_DIM_Y, MAX_GRID_DIM_Z = 2**31 - 1, 65535, 65535
    MAX_SHARED_MEMORY_PER_BLOCK = 48 * 1024

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"El dispositivo simulado no tiene «{name}»: depende de una tarjeta real."
        )

    def __enter__(self) -> Device:
        return self

    def __exit__(self, *error: Any) -> None:
        """Nada que cerrar."""

    def reset(self) -> None:
        """Nada que reiniciar."""


class Context:
    """El contexto: aquí solo hay uno."""

    device = Device()

    def get_memory_info(self) -> Any:
        """No hay memoria de una tarjeta que medir.

        Raises:
            UnsupportedError: siempre.
        """
        raise UnsupportedError(
            "El simulador no tiene memoria de GPU: get_memory_info depende de una tarjeta real."
        )

    def synchronize(self) -> None:
        """Nada que esperar."""

    def reset(self) -> None:
        """Nada que reiniciar."""


def current_context(devnum: int | None = None) -> Context:
    return Context()


def get_current_device() -> Device:
    return Context.device


def select_device(device_id: int) -> Device:
    if device_id != 0:
        raise ArgumentError(f"Solo hay un dispositivo simulado, el 0; pides el {device_id}.")
    return Context.device


def is_available() -> bool:
    """Siempre: el simulador está en todas partes."""
    return True


def detect() -> bool:
    print("1 dispositivo: Urdimbre (simulador)")
    return True


def list_devices() -> list[Device]:
    return [Context.device]


class Devices(list):
    """``cuda.gpus``: la lista de dispositivos y el que está en uso, que es el único."""

    current = Context.device


gpus = Devices(list_devices())


class CudaSupportError(ImportError):
    """La que lanza Numba si CUDA no se puede usar; el simulador siempre se puede."""


class Errors:
    """``cuda.cudadrv.driver`` y ``cuda.cudadrv.error``: los errores que un programa captura.

    Un lanzamiento imposible es aquí ``LaunchError``, así que eso es ``CudaAPIError``.
    """

    CudaAPIError = CudaDriverError = CudaRuntimeError = LaunchError
    CudaSupportError = CudaSupportError


class Arrays:
    """``cuda.cudadrv.devicearray``: la clase de los arreglos y cómo reconocerlos."""

    DeviceNDArray = DeviceArray
    errmsg_contiguous_buffer = NOT_CONTIGUOUS

    @staticmethod
    def is_cuda_ndarray(obj: Any) -> bool:
        return isinstance(obj, DeviceArray)

    @staticmethod
    def verify_cuda_ndarray_interface(obj: Any) -> None:
        if not isinstance(obj, DeviceArray):
            raise TypeError(f"No es un arreglo del dispositivo: {type(obj).__name__}.")

    @staticmethod
    def auto_device(obj: Any, stream: Any = 0, copy: bool = True) -> tuple[DeviceArray, bool]:
        """El arreglo en el dispositivo, y si hubo que llevarlo."""
        if isinstance(obj, DeviceArray):
            return obj, False
        need_contiguous(np.asarray(obj))
        return to_device(obj), True


class Drivers:
    """``cuda.cudadrv``: los errores y la clase de los arreglos."""

    driver = error = Errors
    devicearray = Arrays
